#include "caches/layered_cache.h"

#include <algorithm>
#include <utility>

namespace stalemark {

LayeredCache::LayeredCache(Cache& near, Cache& shared, const Runtime& runtime, LayerRules rules)
    : near_(near), shared_(shared), runtime_(runtime), rules_(std::move(rules)) {}

std::expected<Cached, Miss> LayeredCache::get(Key key, Look look) {
    auto kept = near_.get(key, look);
    if (kept && !kept->is_stale) return kept;
    const Instant asked = runtime_.now();
    auto shared = shared_.get(key, look);
    // A shared cache that does not answer is no reason not to fill the near one.
    if (!shared || is_outdated(key, shared->value))
        return kept ? std::move(kept) : std::unexpected(Miss::absent);
    if (kept && shared->is_stale) return kept;
    const auto copy = near_.put(key, shared->value, life_of_copy(key, *shared, asked));
    shared->token = copy.value_or(no_entry);
    return shared;
}

Result<std::uint64_t> LayeredCache::put(Key key, const std::optional<Value>& value,
                                        const Life& life) {
    if (is_outdated(key, value)) return near_.put(key, value, near(life));  // Which refuses.
    const auto shared = shared_.put(key, value, life);
    const auto kept = near_.put(key, value, near(life));
    if (!shared) return std::unexpected(shared.error());
    return kept;
}

Result<bool> LayeredCache::replace(Key key, std::uint64_t token,
                                   const std::optional<Value>& value, const Life& life) {
    const auto replaced = near_.replace(key, token, value, near(life));
    if (!replaced || !*replaced) return replaced;
    const auto shared = shared_.put(key, value, life);
    if (!shared) return std::unexpected(shared.error());
    return true;
}

Result<void> LayeredCache::erase(Key key) {
    const auto shared = shared_.erase(key);
    const auto kept = near_.erase(key);
    return shared ? kept : shared;
}

Life LayeredCache::near(Life life) const {
    life.ttl = std::min(life.ttl, rules_.near_ttl_max);
    return life;
}

// An entry that has expired is not made fresh again by being copied. Its slack is that of the
// shared one; where its TTL begins anew, the time that the copy takes comes on top.
Life LayeredCache::life_of_copy(Key key, const Cached& shared, Instant asked) const {
    Life life{.grace = shared.grace, .load_time = shared.load_time};
    life.load_began = asked - shared.slack;
    if (rules_.restarted_ttl && !shared.is_stale) {
        life.ttl = rules_.restarted_ttl(key, !shared.value);
    } else if (shared.expires != never) {
        const Instant now = runtime_.now();
        life.ttl = shared.expires - now;  // Below 0: how long ago it expired.
        life.age = now - shared.born;
        life.load_began = now - shared.slack;
    }
    return near(life);
}

}  // namespace stalemark
