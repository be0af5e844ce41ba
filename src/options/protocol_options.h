// The options that make a protocol: the strategy and its knobs.

#pragma once

#include <string_view>
#include <vector>

#include "options/options.h"
#include "shields/catalog.h"
#include "strategies/catalog.h"
#include "workload/spec.h"

namespace stalemark {

// What reads this option in a protocol: "lock", "cache_aside", ...; nobody if it is no knob.
std::vector<std::string_view> readers_of(std::string_view option);

// Whether it is a knob, but of other strategies and shields than these.
bool is_foreign_knob(const StrategyEntry& strategy, const ShieldEntry& shield,
                     std::string_view option);

// Throws InputError for values that the strategy cannot take.
Settings read_settings(const RunOptions& options, const StrategyEntry& strategy,
                       const ShieldEntry& shield, const WorkloadSpec& workload,
                       std::uint64_t seed);

// Duration::max() if some key's entries never expire.
Duration longest_ttl_of(const WorkloadSpec& workload);

}  // namespace stalemark
