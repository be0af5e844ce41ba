// SPDX-License-Identifier: Apache-2.0
// What a cache is made with.

#pragma once

#include <cstdint>

namespace stalemark {

struct CacheSettings {
    std::uint64_t capacity_bytes = 0;  // 0: without bound.

    // Bytes of a typical value. A cache that splits its room into parts chooses few enough that
    // each part can hold many of them.
    std::uint64_t value_bytes = 1'000;

    std::uint64_t shards = 0;  // Such parts, rounded down to a power of two; 0: chosen.
};

}  // namespace stalemark
