// Options that a run does not read, as no_cache no --cache-size.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "options/run_options.h"

namespace stalemark {

// Why the run does not read `option`, whose value it has; nothing: it does. Only this option
// and those that are read before it decide that.
std::optional<std::string> why_foreign(const RunOptions& run, std::string_view option);

}  // namespace stalemark
