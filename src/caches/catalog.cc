// SPDX-License-Identifier: Apache-2.0
#include "caches/catalog.h"

#include "caches/lru_cache.h"
#include "core/catalog.h"

namespace stalemark {
namespace {

// One row adds a cache: name, caption, maker.
constexpr CacheEntry caches[] = {
    {"lru", "in this process; evicts what has not been used for longest", make_lru_cache},
};

}  // namespace

std::span<const CacheEntry> all_caches() { return caches; }

const CacheEntry& find_cache(std::string_view name) {
    return find_row("cache", name, all_caches());
}

}  // namespace stalemark
