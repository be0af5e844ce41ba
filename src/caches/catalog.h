// SPDX-License-Identifier: Apache-2.0
// The menu of caches.

#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "caches/cache.h"
#include "caches/settings.h"
#include "runtime/runtime.h"

namespace stalemark {

struct CacheEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<LocalCache> (*make)(const CacheSettings&, Runtime&);
};

std::span<const CacheEntry> all_caches();

// Throws InputError with the nearest right name if there is no such cache.
const CacheEntry& find_cache(std::string_view name);

}  // namespace stalemark
