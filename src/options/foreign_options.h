// SPDX-License-Identifier: Apache-2.0
// Options that a run does not read, as no_cache no --ttl. The rule for those that were typed:
// one that another strategy or shield would read beside the same options is passed over with a
// note, so that a loop over all strategies may give it to each; one that none would read
// contradicts the other options and is refused.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "options/run_options.h"

namespace stalemark {

// Why the run does not read `option`, whose value it has; nothing: it does. Only this option
// and those that are read before it decide that.
std::optional<std::string> why_foreign(const RunOptions& run, std::string_view option);

// Why no strategy and no shield would read `option` in this run; nothing: one would. `run` has
// the values of all options that one would read.
std::optional<std::string> why_foreign_to_all(const RunOptions& run, std::string_view option);

// A line for people about what was passed over: "no_cache does not read --ttl, --cache-size".
// Empty if nothing was.
std::string note_on_unread(const RunOptions& run);

}  // namespace stalemark
