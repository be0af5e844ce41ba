// SPDX-License-Identifier: Apache-2.0
// lru: in this process; evicts the entry that has not been used for longest.
//
// The room is split evenly among shards, each with a mutex and an order of its own; a key
// belongs to one of them by its hash. With one shard the order is exact over all entries; with
// several, the oldest entry of the shard that needs room goes. The room is never exceeded, and
// an entry larger than a shard's part is refused.

#pragma once

#include <memory>

#include "caches/cache.h"
#include "caches/settings.h"
#include "runtime/runtime.h"

namespace stalemark {

// The shards made for these settings: 256, or as many fewer as it takes for each to hold 64
// entries with typical values.
std::uint64_t lru_shards(const CacheSettings& settings);

// Reads the clock of `runtime` only where an entry can expire. erases counts the calls; the
// other counts are as CacheCounts says. get() and put() take a mutex for tens of nanoseconds.
// A tombstone takes the room of a negative entry, a lease takes none.
std::unique_ptr<LocalCache> make_lru_cache(const CacheSettings& settings, Runtime& runtime);

}  // namespace stalemark
