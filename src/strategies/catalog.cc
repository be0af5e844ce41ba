// SPDX-License-Identifier: Apache-2.0
#include "strategies/catalog.h"

#include <algorithm>
#include <concepts>

#include "core/catalog.h"
#include "strategies/cache_aside.h"
#include "strategies/no_cache.h"
#include "strategies/read_through.h"
#include "strategies/refresh_ahead.h"
#include "strategies/write_around.h"
#include "strategies/write_behind.h"
#include "strategies/write_through.h"

namespace stalemark {
namespace {

using Consistency = Promise::Consistency;

template <std::derived_from<Strategy> S>
std::unique_ptr<Strategy> make(const Parts& parts) {
    return std::make_unique<S>(parts);
}

// What the textbooks promise; the measurement tells whether it is kept.
Promise strong(const Settings& /*settings*/, const Copies& /*copies*/) {
    return {.consistency = Consistency::linearizable};
}

// Whether a write mends every copy or those that it does not reach end by themselves. It
// reaches the shared cache and the near one of its own node; others hear of it by events only.
// A copy that is treated before the store has the change may be an old one again.
bool ends_every_copy(const Settings& settings, const Copies& copies) {
    if (settings.invalidate == Invalidate::none) return false;
    if (settings.order == Order::cache_first) return false;
    return !copies.are_apart() || settings.invalidate == Invalidate::event ||
           copies.near_ttl_max != Duration::max();
}

Promise until_expiry(const Settings& settings, const Copies& copies) {
    if (copies.longest_ttl != Duration::max()) {
        const auto with_copies = [&](Duration ttl) {
            return ttl + std::min(ttl, settings.copies_outlive);
        };
        return {.consistency = Consistency::bounded_staleness,
                .bound = std::max(with_copies(copies.longest_ttl) + settings.grace,
                                  with_copies(settings.negative_ttl))};
    }
    return {.consistency =
                ends_every_copy(settings, copies) ? Consistency::eventual : Consistency::none};
}

// Other nodes hear of a write only after it was acknowledged, if at all; and what is cached
// before the store has it may not be what the store comes to.
Promise strong_on_one_node(const Settings& settings, const Copies& copies) {
    const bool is_strong = !copies.are_apart() && settings.order == Order::store_first;
    return is_strong ? strong(settings, copies) : until_expiry(settings, copies);
}

// Nothing orders the queues of two nodes: what one stores late may replace, for ever, what the
// other acknowledged later. No TTL ends that. Nor are several flushers in order, and a reader
// that does not look into the queue may cache what it replaces.
Promise eventual_on_one_node(const Settings& settings, const Copies& copies) {
    const bool is_eventual =
        copies.nodes == 1 && settings.flushers == 1 && settings.looks_into_queue;
    return {.consistency = is_eventual ? Consistency::eventual : Consistency::none,
            .durable = false};
}

// One row adds a strategy: name, caption, maker, promise, known races, knobs, values of
// --invalidate, and whatever of its traits is not the usual.
constexpr StrategyEntry strategies[] = {
    {"no_cache",
     "every operation goes to the store",
     make<NoCache>,
     strong,
     no_races,
     "",
     "",
     {.has_cache = false}},
    {"cache_aside", "readers fill the cache on a miss, writers erase", make<CacheAside>,
     until_expiry, races_of_invalidation,
     "ttl jitter negative-ttl invalidate order double-delete delete-delay delete-ack",
     "erase none set event"},
    {"read_through",
     "the cache loads what it lacks, once a key at a time",
     make<ReadThrough>,
     until_expiry,
     races_of_invalidation,
     "ttl jitter negative-ttl invalidate order double-delete delete-delay delete-ack",
     "erase none set event",
     {.loads_once = true}},
    {"write_through", "a write updates the store, then the cache", make<WriteThrough>,
     strong_on_one_node, races_of_write_through, "ttl jitter negative-ttl invalidate order",
     "set event"},
    {"write_around", "a write goes to the store and leaves the cache alone", make<WriteAround>,
     until_expiry, races_of_write_around,
     "ttl jitter negative-ttl invalidate order double-delete delete-delay delete-ack",
     "none erase set event"},
    {"write_behind",
     "a write is cached now and stored later",
     make<WriteBehind>,
     eventual_on_one_node,
     races_of_write_behind,
     "ttl jitter negative-ttl invalidate flush-delay flush-batch queue when-full no-coalescing "
     "no-queue-lookup flushers",
     "set",
     {.stores_later = true}},
    {"refresh_ahead",
     "a hit near the end of an entry's life reloads it",
     make<RefreshAhead>,
     until_expiry,
     races_of_refresh_ahead,
     "ttl jitter negative-ttl invalidate order double-delete delete-delay delete-ack "
     "refresh-at reloads",
     "erase none set event",
     {.reloads_early = true}},
};

}  // namespace

std::span<const StrategyEntry> all_strategies() { return strategies; }

const StrategyEntry& find_strategy(std::string_view name) {
    return find_row("strategy", name, all_strategies());
}

Invalidate default_invalidate(const StrategyEntry& strategy) {
    if (strategy.invalidate.empty()) return Invalidate::none;
    const std::string_view name = strategy.invalidate.substr(0, strategy.invalidate.find(' '));
    return static_cast<Invalidate>(std::ranges::find(invalidate_names, name) -
                                   invalidate_names.begin());
}

KnownRaces default_races(const StrategyEntry& strategy) {
    return strategy.races({.invalidate = default_invalidate(strategy)}, {});
}

}  // namespace stalemark
