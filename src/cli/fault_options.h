// Faults as options.

#pragma once

#include <vector>

#include "cli/options.h"
#include "experiment/experiment.h"

namespace stalemark {

// Of --fault, in the order given. The rest of the experiment must be resolved: throws
// InputError for faults that could not show in it.
std::vector<Fault> read_faults(const RunOptions& options, const Experiment& experiment);

// What of it goes wrong on the bus.
void disturb(BusSettings& bus, const std::vector<Fault>& faults);

}  // namespace stalemark
