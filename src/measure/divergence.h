// SPDX-License-Identifier: Apache-2.0
// How far cache and store have drifted from each other and from what was acknowledged, at a
// moment when no client is active.

#pragma once

#include <cstdint>
#include <functional>

#include "core/types.h"
#include "measure/oracle.h"

namespace stalemark {

struct Divergence {
    std::uint64_t resident = 0;     // Entries in the cache.
    std::uint64_t cache_stale = 0;  // Unlike the store, and older than an acknowledged write.
    std::uint64_t cache_ahead = 0;  // Unlike the store, which is older than the entry.
    std::uint64_t cache_other = 0;  // Unlike the store, in no provable order.
    // Entries that a reader would find other than what the store holds.
    std::uint64_t unlike_store() const { return cache_stale + cache_ahead + cache_other; }

    std::uint64_t store_lost = 0;  // Keys of which the store holds less than was acknowledged.
};

// Requires: nothing writes meanwhile but a strategy's own background work. `see_cache` shows
// every entry; `look_up` reads the store. Both give headers of verified values, or nothing for
// absence.
Divergence audit(
    const Oracle& oracle, std::uint64_t keys,
    const std::function<void(const std::function<void(Key, const Seen&)>&)>& see_cache,
    const std::function<Seen(Key)>& look_up);

}  // namespace stalemark
