// SPDX-License-Identifier: Apache-2.0
// Carries out one run.

#pragma once

#include <atomic>

#include "experiment/experiment.h"
#include "experiment/observations.h"
#include "experiment/progress.h"

namespace stalemark {

// Loads and settles the store, drives the workload through the strategy, audits what is left
// and judges it. Throws InputError if the database folder is not to be used, RunError if the
// run failed.
Observations carry_out(const Experiment& experiment, Progress& progress,
                       const std::atomic<bool>& stop);

}  // namespace stalemark
