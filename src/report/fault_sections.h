// SPDX-License-Identifier: Apache-2.0
// What a result says of faults.

#pragma once

#include <cstdint>
#include <vector>

#include "caches/cache.h"
#include "report/sections.h"
#include "wire/faults.h"

namespace stalemark {

// `configuration.faults` and `faults` of a result; `calls_hit` by fault.
Json fault_texts(const std::vector<Fault>& faults);
Json faults_section(const std::vector<Fault>& faults,
                    const std::vector<std::uint64_t>& calls_hit);

// What the cache section says besides in a run with faults of the cache: calls not answered,
// and entries lost to a flush.
void add_cache_faults(Json& cache, const std::vector<Fault>& faults, const CacheCounts& counts);

}  // namespace stalemark
