// SPDX-License-Identifier: Apache-2.0
// How many bytes a cache of some size has.

#pragma once

#include <cstdint>

#include "workload/spec.h"

namespace stalemark {

std::uint64_t bytes_of(const CacheSize& size, const WorkloadSpec& workload);

// Throws InputError if not one entry of typical size fits into such a cache.
void check_holds_entries(std::uint64_t cache_bytes, const WorkloadSpec& workload);

}  // namespace stalemark
