// SPDX-License-Identifier: Apache-2.0
// A run written down, as docs/results.md says.

#pragma once

#include "experiment/experiment.h"
#include "experiment/observations.h"
#include "report/sections.h"

namespace stalemark {

Json result_of(const Experiment& experiment, const Observations& seen);

// Its `configuration`.
Json configuration_section(const Experiment& experiment);

}  // namespace stalemark
