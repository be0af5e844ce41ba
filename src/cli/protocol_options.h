// The options that make a protocol: the strategy and its knobs.

#pragma once

#include "cli/options.h"
#include "strategies/catalog.h"
#include "workload/spec.h"

namespace stalemark {

// Throws InputError for values that the strategy cannot take.
Settings read_settings(const RunOptions& options, const StrategyEntry& strategy,
                       const WorkloadSpec& workload, std::uint64_t seed);

// Duration::max() if some key's entries never expire.
Duration longest_ttl_of(const WorkloadSpec& workload);

}  // namespace stalemark
