// SPDX-License-Identifier: Apache-2.0
// What the options say of the nodes, the layers of their caches and how they hear of each
// other's writes.

#pragma once

#include "options/run_options.h"
#include "workload/spec.h"

namespace stalemark {

// `tells`: writes are told by events (--invalidate event). Throws InputError for what makes no
// sense.
FleetSettings fleet_settings(const RunOptions& options, const WorkloadSpec& workload,
                             bool tells);

}  // namespace stalemark
