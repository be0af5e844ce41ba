// SPDX-License-Identifier: Apache-2.0
// What a cache is made with.

#pragma once

#include <cstdint>

#include "core/types.h"

namespace stalemark {

struct CacheSettings {
    std::uint64_t capacity_bytes = 0;  // 0: without bound.

    // Bytes of a typical value. A cache that splits its room into parts chooses few enough that
    // each part can hold many of them.
    std::uint64_t value_bytes = 1'000;

    // The versions of so many keys whose entries are gone are remembered, for so long each:
    // then Condition::newer goes by them, and no tombstone is left.
    std::uint64_t remembered_keys = 0;
    Duration remembered_for{0};

    std::uint64_t shards = 0;  // Such parts, rounded down to a power of two; 0: chosen.
};

}  // namespace stalemark
