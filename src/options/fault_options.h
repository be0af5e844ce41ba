// Faults as options.

#pragma once

#include <string_view>
#include <vector>

#include "experiment/experiment.h"
#include "options/options.h"

namespace stalemark {

// Each --fault as it is written.
std::vector<std::string_view> faults_in(const RunOptions& options);

// Of --fault, in the order given. The rest of the experiment must be resolved: throws
// InputError for faults that could not show in it.
std::vector<Fault> read_faults(const RunOptions& options, const Experiment& experiment);

// What of it goes wrong on the bus.
void disturb(BusSettings& bus, const std::vector<Fault>& faults);

}  // namespace stalemark
