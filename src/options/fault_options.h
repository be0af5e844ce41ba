// SPDX-License-Identifier: Apache-2.0
// Faults as options.

#pragma once

#include <vector>

#include "experiment/experiment.h"

namespace stalemark {

// Throws InputError for faults that could not show in the experiment, all else of which is
// settled.
void check_faults(const Experiment& experiment);

// What of the faults goes wrong on the bus.
void disturb(BusSettings& bus, const std::vector<Fault>& faults);

}  // namespace stalemark
