// SPDX-License-Identifier: Apache-2.0
// What the options of a run come to.

#pragma once

#include "experiment/experiment.h"
#include "options/run_options.h"

namespace stalemark {

// Makes sense of the options together. Throws InputError for combinations that make none,
// before anything is touched.
Experiment resolve(const RunOptions& options);

}  // namespace stalemark
