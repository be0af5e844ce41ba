// SPDX-License-Identifier: Apache-2.0
// What the options say of the protocol: the strategy's settings.

#pragma once

#include "options/run_options.h"
#include "workload/spec.h"

namespace stalemark {

// Throws InputError for what the strategy cannot do.
Settings protocol_settings(const RunOptions& options, const WorkloadSpec& workload);

// Duration::max() if some key's entries never expire.
Duration longest_ttl_of(const WorkloadSpec& workload);

}  // namespace stalemark
