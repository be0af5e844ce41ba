// Values of options that say how large a cache is and how long a way takes.

#pragma once

#include <cstdint>
#include <string_view>

#include "core/distribution.h"
#include "workload/spec.h"

namespace stalemark {

std::uint64_t bytes_of(const CacheSize& size, const WorkloadSpec& workload);

// Throws InputError if not one entry of typical size fits into such a cache.
void check_holds_entries(std::uint64_t cache_bytes, const WorkloadSpec& workload);

// "200us", "lognormal(1ms,0.5)", or a name of wire/latencies.h; in ns.
Distribution parse_latency(std::string_view text);

}  // namespace stalemark
