// SPDX-License-Identifier: Apache-2.0
#include "strategies/catalog.h"

namespace stalemark {
namespace {

using Breaks = KnownRace::Breaks;
using Lasts = KnownRace::Lasts;
using Needs = KnownRace::Needs;

// A read that finds nothing asks the cache and the store and fills the cache.
constexpr std::uint32_t miss_steps = 3;

KnownRace overtaken_fill(std::uint32_t write_steps) {
    return {.name = "overtaken_fill",
            .story =
                "A reader misses and loads the old value, a writer changes the row, and "
                "then the reader fills the cache with the old value.",
            .clients = 2,
            .steps = miss_steps + write_steps + 1,
            .test = "HazardOfSettings.AFillThatAWriteHasOvertakenIsKept"};
}

KnownRace negative_entry_hides_insert(std::uint32_t write_steps) {
    return {.name = "negative_entry_hides_insert",
            .story =
                "A reader finds no row in the store, a writer inserts it, and the reader "
                "caches its absence.",
            .clients = 2,
            .steps = miss_steps + write_steps + 1,
            .test = "HazardOfSettings.ANegativeEntryHidesAnInsert"};
}

// `copy_steps`: for a copy to be there.
KnownRace inverted_writers(std::uint32_t copy_steps) {
    return {.name = "inverted_writers",
            .story =
                "Two writers change the store one after the other and reach the cache in "
                "the opposite order, so that it keeps the older value.",
            .clients = 2,
            .steps = copy_steps + 5,
            .test = "HazardOfSettings.TwoWritersReachTheCacheInTheOppositeOrder"};
}

KnownRace unseen_write() {
    return {.name = "unseen_write",
            .story =
                "A client caches a value by reading it, changes the store, and reads the "
                "old value from the cache, which no write touches.",
            .clients = 1,
            .steps = miss_steps + 2,
            .test = "HazardOfSettings.AWriteDoesNotReachACopy"};
}

KnownRace unseen_write_of_a_node(std::uint32_t write_steps) {
    return {.name = "unseen_write",
            .story =
                "A reader caches a value near its node, a writer on another node changes "
                "the row, and the reader goes on reading the old value near its node.",
            .clients = 2,
            .steps = miss_steps + write_steps + 1,
            .test = "HazardOfSettings.AWriteDoesNotReachACopy"};
}

KnownRace late_event(std::uint32_t write_steps, bool is_of_a_node) {
    return {.name = "late_event",
            .story =
                "A value is cached by a read, a write of the row is acknowledged, and a "
                "reader finds the old value before the event has come that drops it.",
            .lasts = Lasts::until_event,
            .clients = is_of_a_node ? 2U : 1U,
            .steps = miss_steps + write_steps + 1,
            .test = "HazardOfSettings.AWriteDoesNotReachACopy"};
}

// The hit, the reload's two calls and the read that finds what it has put.
KnownRace overtaken_reload(std::uint32_t write_steps) {
    return {.name = "overtaken_reload",
            .story =
                "A hit begins a reload that finds the old value in the store, a writer "
                "changes the store, and the reload caches the old value for another TTL.",
            .clients = 2,
            .steps = miss_steps + 4 + write_steps,
            .test = "HazardOfSettings.AReloadThatAWriteHasOvertakenIsKept"};
}

// A write of a strategy that stores at once.
struct Write {
    std::uint32_t steps = 1;  // To the store, and to the copy at hand, if it treats that.
    bool is_told = false;     // By events, to every copy that it does not treat.
    bool treats_all = false;  // It treats every copy that there is.
};

Write write_of(const Settings& settings, const Copies& copies) {
    switch (settings.invalidate) {
        case Invalidate::none:
            return {};
        case Invalidate::erase:
        case Invalidate::set:
            return {.steps = 2, .treats_all = !copies.are_apart()};
        case Invalidate::event:
            // Nobody but the reader of the store's log tells a cache that all share.
            return {.steps = copies.are_apart() ? 2U : 1U, .is_told = true};
    }
    return {};
}

KnownRaces races_of(const Write& write, const Settings& settings, const Copies& copies) {
    KnownRaces races{overtaken_fill(write.steps)};
    if (write.is_told) {
        races.push_back(late_event(write.steps, copies.are_apart()));
    } else if (settings.invalidate == Invalidate::none) {
        races.push_back(unseen_write());
    } else if (!write.treats_all) {
        races.push_back(unseen_write_of_a_node(write.steps));
    }
    if (settings.negative_ttl > Duration{0})
        races.push_back(negative_entry_hides_insert(write.steps));
    return races;
}

}  // namespace

KnownRaces no_races(const Settings& /*settings*/, const Copies& /*copies*/) { return {}; }

KnownRaces races_of_invalidation(const Settings& settings, const Copies& copies) {
    KnownRaces races = races_of(write_of(settings, copies), settings, copies);
    if (settings.invalidate == Invalidate::set) races.push_back(inverted_writers(0));
    return races;
}

KnownRaces races_of_write_through(const Settings& settings, const Copies& copies) {
    const bool is_told = settings.invalidate == Invalidate::event && copies.are_apart();
    KnownRaces races = races_of(
        {.steps = 2, .is_told = is_told, .treats_all = !copies.are_apart()}, settings, copies);
    races.push_back(inverted_writers(0));
    return races;
}

// With `set` it leaves alone what is not cached.
KnownRaces races_of_write_around(const Settings& settings, const Copies& copies) {
    if (settings.invalidate != Invalidate::set) return races_of_invalidation(settings, copies);
    KnownRaces races =
        races_of({.steps = 1, .treats_all = !copies.are_apart()}, settings, copies);
    races.push_back(inverted_writers(miss_steps));
    return races;
}

KnownRaces races_of_write_behind(const Settings& settings, const Copies& copies) {
    KnownRaces races{
        {.name = "slow_fill_over_queue",
         .story = "A reader misses and loads the old value, a writer queues and caches a new "
                  "one, and the reader fills the cache with the old value.",
         .clients = 2,
         .steps = 5,
         .test = "HazardOfSettings.AFillThatAWriteHasOvertakenIsKept"},
        {.name = "late_store",
         .story =
             "A write is acknowledged while it waits in the queue, and who reads the store "
             "itself finds the old value.",
         .breaks = Breaks::store,
         .lasts = Lasts::until_flush,
         .clients = 2,
         .steps = 2,
         .test = "HazardOfSettings.TheStoreIsReadBeforeTheFlush"},
        {.name = "lost_queue",
         .story = "A write is acknowledged while it waits in the queue, and the process ends "
                  "before the flush.",
         .breaks = Breaks::store,
         .lasts = Lasts::for_ever,
         .needs = Needs::crash,
         .clients = 1,
         .steps = 4,
         .test = "HazardOfSettings.AQueueIsLostWithItsProcess"},
        {.name = "late_batch",
         .story =
             "A batch of unknown outcome is sent again, a newer value of its key is stored, "
             "and the first call, which was only slow, lands on it.",
         .breaks = Breaks::store,
         .lasts = Lasts::until_next_write,
         .needs = Needs::trouble,
         .clients = 1,
         .steps = 5,
         .test = "Hazard.WriteBehindLetsACallThatItLeftLandOnANewerValue"}};
    if (copies.nodes > 1) {
        races.push_back({.name = "unordered_queues",
                         .story =
                             "Two nodes write one key, and the queue of the one that wrote "
                             "first is flushed last.",
                         .breaks = Breaks::store,
                         .lasts = Lasts::until_next_write,
                         .clients = 2,
                         .steps = 5,
                         .test = "HazardOfSettings.TwoQueuesAreFlushedInTheOppositeOrder"});
        races.push_back({.name = "unflushed_write",
                         .story = "A write waits in the queue of its node, and a reader on "
                                  "another node finds no copy and loads the old value.",
                         .clients = 2,
                         .steps = 4,
                         .test = "HazardOfSettings.AnotherNodeLoadsBeforeTheFlush"});
    }
    if (copies.are_apart()) races.push_back(unseen_write_of_a_node(1));
    if (settings.negative_ttl > Duration{0}) races.push_back(negative_entry_hides_insert(1));
    return races;
}

// An entry that its own node's write has treated is no longer the one that a reload may
// replace.
KnownRaces races_of_refresh_ahead(const Settings& settings, const Copies& copies) {
    KnownRaces races = races_of_invalidation(settings, copies);
    const Write write = write_of(settings, copies);
    if (!write.is_told && !write.treats_all) races.push_back(overtaken_reload(write.steps));
    return races;
}

}  // namespace stalemark
