// SPDX-License-Identifier: Apache-2.0
// How many clients and sessions a run has.

#pragma once

#include "experiment/experiment.h"
#include "options/run_options.h"

namespace stalemark {

// Settles experiment.clients and experiment.sessions, once all else is resolved. An open loop
// that does not say how many clients it has gets four times as many as are busy on average by
// Little's law (its highest rate times the round trips that a miss takes), and sixteen more per
// node. Throws InputError.
void settle_clients(const RunOptions& options, Experiment& experiment);

}  // namespace stalemark
