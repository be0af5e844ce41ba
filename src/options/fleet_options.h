// The options that say how many nodes there are, how their caches are layered and how they hear
// of each other's writes.

#pragma once

#include <cstdint>

#include "assembly/fleet_settings.h"
#include "options/options.h"
#include "workload/spec.h"

namespace stalemark {

// `tells`: the protocol's writes are told by events (--invalidate event). Throws InputError for
// values out of range and options that would have no effect.
FleetSettings read_fleet(const RunOptions& options, const WorkloadSpec& workload,
                         bool is_virtual, bool tells, std::uint64_t seed);

}  // namespace stalemark
