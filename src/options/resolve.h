// What the options of a run come to.

#pragma once

#include <cstdint>

#include "experiment/experiment.h"
#include "options/options.h"

namespace stalemark {

// Makes sense of the options. Throws InputError for whatever is wrong with them, before
// anything is touched: unknown names, values out of range, combinations that make no sense.
Experiment resolve(const RunOptions& typed);

// How often to carry it out: --repeat. Throws InputError.
std::uint64_t repetitions_of(const RunOptions& options);

}  // namespace stalemark
