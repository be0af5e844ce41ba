#include "caches/layered_cache.h"

#include <algorithm>
#include <utility>

namespace stalemark {

LayeredCache::LayeredCache(Cache& near, Cache& shared, const Runtime& runtime, LayerRules rules)
    : near_(near), shared_(shared), runtime_(runtime), rules_(std::move(rules)) {}

std::expected<Cached, Missed> LayeredCache::get(Key key, const Look& look) {
    auto kept = near_.get(key, {.is_first = look.is_first});
    if (kept && !kept->is_stale) return kept;
    const Instant asked = runtime_.now();
    auto shared = shared_.get(key, look);
    // A shared cache that does not answer is no reason not to fill the near one.
    if (!shared || is_outdated(key, shared->row)) {
        if (kept) return kept;
        return std::unexpected(Missed(Miss::absent, shared ? no_stamp : shared.error().lease));
    }
    if (kept && shared->is_stale) return kept;
    const auto copy = near_.put(key, shared->row, life_of_copy(key, *shared, asked));
    shared->stamp = copy.value_or(no_stamp);
    return shared;
}

Result<Stamp> LayeredCache::put(Key key, const Row& row, const Life& life,
                                const Condition& condition) {
    if (is_outdated(key, row)) return near_.put(key, row, near(life));  // Which refuses.
    if (condition.kind() == Condition::Kind::unchanged) {
        return put_near_first(key, row, life, condition);
    }
    const auto shared = shared_.put(key, row, life, condition);
    const bool is_made = shared && *shared != no_stamp;
    if (!is_made && condition.kind() != Condition::Kind::always) return shared;
    const auto kept = near_.put(key, row, near(life));
    if (!shared) return std::unexpected(shared.error());
    return kept;
}

Result<Stamp> LayeredCache::put_near_first(Key key, const Row& row, const Life& life,
                                           const Condition& condition) {
    const auto kept = near_.put(key, row, near(life), condition);
    if (!kept || *kept == no_stamp) return kept;
    const auto shared = shared_.put(key, row, life);
    if (!shared) return std::unexpected(shared.error());
    return kept;
}

Result<bool> LayeredCache::erase(Key key, const Condition& condition, const Remains& remains) {
    if (condition.kind() == Condition::Kind::unchanged) {
        const auto kept = near_.erase(key, condition, remains);
        if (!kept || !*kept) return kept;
        return shared_.erase(key, Condition::always(), remains);
    }
    const auto shared = shared_.erase(key, condition, remains);
    const auto kept = near_.erase(key, near_condition(condition), remains);
    if (!shared || !kept) return shared ? kept : shared;
    return *shared && *kept;
}

// Leases are the shared cache's.
Condition LayeredCache::near_condition(const Condition& condition) {
    return condition.kind() == Condition::Kind::leased ? Condition::always() : condition;
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
        life.ttl = rules_.restarted_ttl(key, !shared.row.bytes);
    } else if (shared.expires != never) {
        const Instant now = runtime_.now();
        life.ttl = shared.expires - now;  // Below 0: how long ago it expired.
        life.age = now - shared.born;
        life.load_began = now - shared.slack;
    }
    return near(life);
}

}  // namespace stalemark
