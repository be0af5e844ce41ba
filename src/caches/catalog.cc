#include "caches/catalog.h"

#include <vector>

#include "caches/lru_cache.h"
#include "core/errors.h"
#include "core/words.h"

namespace stalemark {
namespace {

// One row adds a cache: name, caption, maker.
constexpr CacheEntry caches[] = {
    {"lru", "in this process; evicts what has not been used for longest", make_lru_cache},
};

}  // namespace

std::span<const CacheEntry> all_caches() { return caches; }

const CacheEntry& find_cache(std::string_view name) {
    std::vector<std::string_view> known;
    for (const auto& entry : caches) {
        if (entry.name == name) return entry;
        known.push_back(entry.name);
    }
    throw InputError(unknown_word("cache", name, known));
}

}  // namespace stalemark
