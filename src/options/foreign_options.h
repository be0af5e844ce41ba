// Options that a run does not read. Typed, they are refused: they would look as if they had an
// effect. Lent by a workload's file or by a suite's `options`, which are for many runs, they
// are left out.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "options/options.h"

namespace stalemark {

bool is_virtual(const RunOptions& options);

// The one that is named, or that runs of this kind have by default.
std::string_view store_of(const RunOptions& options);

// Why the run that these options make does not read the option `name`; nothing: it does. Throws
// InputError if a word that decides it is unknown.
std::optional<std::string> why_foreign(const RunOptions& options, std::string_view name);

// Throws InputError if the run does not read one of the options.
void refuse_foreign(const RunOptions& options);

// The options, and of `lent` those that they do not have themselves and that the run then
// reads.
RunOptions with_lent(RunOptions options, const OptionValues& lent);

}  // namespace stalemark
