// Values of options that say how large a cache is and how long a way takes.

#pragma once

#include <cstdint>
#include <string_view>

#include "core/distribution.h"
#include "workload/spec.h"

namespace stalemark {

// "64MiB", or "10%" of the data set.
std::uint64_t read_cache_bytes(std::string_view text, const WorkloadSpec& workload);

// "200us", "lognormal(1ms,0.5)", or a name of wire/latencies.h; in ns.
Distribution parse_latency(std::string_view text);

// Bytes of the rows that the store holds at the start, on average over the sizes.
std::uint64_t data_set_bytes(const WorkloadSpec& workload);

}  // namespace stalemark
