// SPDX-License-Identifier: Apache-2.0
#include "caches/layered_cache.h"

#include <algorithm>
#include <utility>

namespace stalemark {

LayeredCache::LayeredCache(Cache& near, Cache& shared, const Runtime& runtime, LayerRules rules)
    : near_(near), shared_(shared), runtime_(runtime), rules_(std::move(rules)) {}

std::expected<Cached, Missed> LayeredCache::get(Key key, const Look& look) {
    if (look.quarantine.ttl > Duration{0}) return begin_quarantine(key, look);
    auto kept = near_.get(key, {.is_first = look.is_first});
    if (kept && !kept->is_stale) return kept;
    const Instant asked = runtime_.now();
    const Duration lease = kept ? Duration{0} : look.lease;  // Else there is an answer.
    auto shared = shared_.get(key, {.is_first = look.is_first, .lease = lease});
    if (!shared && kept) return kept;
    // A shared cache that does not answer is no reason not to fill the near one.
    if (!shared) return std::unexpected(Missed(Miss::absent, shared.error().lease));
    if (kept && shared->is_stale) return kept;
    const auto copy = near_.put(key, shared->row, life_of_copy(key, *shared, asked));
    shared->stamp = copy && *copy != no_stamp ? *copy : unnamed;
    return shared;
}

std::expected<Cached, Missed> LayeredCache::begin_quarantine(Key key, const Look& look) {
    auto begun = shared_.get(key, look);
    if (look.quarantine.hides_entry) near_.erase(key);
    return begun;
}

Result<Stamp> LayeredCache::put(Key key, const Row& row, const Life& life,
                                const Condition& condition) {
    if (names_near_entry(condition)) return put_near_first(key, row, life, condition);
    const auto shared = shared_.put(key, row, life, condition);
    if (!shared && condition.kind() == Condition::Kind::leased) return shared;
    if (shared && *shared == no_stamp && condition.kind() != Condition::Kind::always) {
        // It has something newer, or no room: a near copy is out of date, unless it is newer.
        if (condition.kind() == Condition::Kind::newer) {
            near_.erase(
                key, row.version == 0 ? Condition::always() : Condition::newer(row.version + 1),
                {});
        }
        return shared;
    }
    const auto kept = near_.put(key, row, near(life), near_condition(condition));
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
    if (names_near_entry(condition)) {
        const auto kept = near_.erase(key, condition, remains);
        if (!kept || !*kept) return kept;
        return shared_.erase(key, Condition::always(), remains);
    }
    const auto shared = shared_.erase(key, condition, remains);
    if (shared && !*shared && condition.kind() == Condition::Kind::leased) return shared;
    const auto kept = near_.erase(key, near_condition(condition), remains);
    if (!shared || !kept) return shared ? kept : shared;
    return *shared && *kept;
}

bool LayeredCache::names_near_entry(const Condition& condition) {
    return condition.kind() == Condition::Kind::unchanged && condition.stamp() != no_stamp;
}

// Leases and quarantines are the shared cache's.
Condition LayeredCache::near_condition(const Condition& condition) {
    const bool is_shared_ones = condition.kind() == Condition::Kind::leased ||
                                condition.kind() == Condition::Kind::quarantined;
    return is_shared_ones ? Condition::always() : condition;
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
