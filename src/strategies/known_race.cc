// SPDX-License-Identifier: Apache-2.0
#include "core/words.h"
#include "strategies/catalog.h"
#include "strategies/guarded_race.h"

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

// With the cached copy treated before the store.
KnownRace early_fill(std::uint32_t write_steps) {
    return {
        .name = "early_fill",
        .story =
            "A writer erases the copy, a reader misses and caches the old value, and then the "
            "writer changes the store.",
        .clients = 2,
        .steps = write_steps + miss_steps + 1,
        .test = "OrderTest.CacheFirstLetsAReaderInBetweenCacheTheOldValue"};
}

KnownRace inverted_stores() {
    return {.name = "inverted_writers",
            .story =
                "Two writers reach the cache one after the other and change the store in the "
                "opposite order, so that the cache keeps the older value.",
            .clients = 2,
            .steps = 5,
            .test = "OrderTest.CacheFirstWithSetIsInvertedByTwoWriters"};
}

KnownRace late_delete(std::uint32_t write_steps) {
    return {.name = "late_delete",
            .story =
                "A value is cached by a read, a write of the row is acknowledged, and a reader "
                "finds the old value before the copy is deleted.",
            .lasts = Lasts::until_delete,
            .clients = 1,
            .steps = miss_steps + write_steps + 1,
            .test = "OrderTest.AnOldValueIsSeenUntilADeleteThatComesLateAndAlone"};
}

bool sets(const Settings& settings) { return settings.invalidate == Invalidate::set; }

// The faults under which the guard prevents that a fill hides a write. Where a write does not
// reach a copy, no guard does: neither do the locks, which are the node's own then.
std::string_view prevented_fills(const Settings& settings, const Copies& copies, bool is_set) {
    const bool is_told = settings.invalidate == Invalidate::event;
    if (settings.invalidate == Invalidate::none || (copies.are_apart() && !is_told)) return "";
    const GuardPromise& promise = settings.guard->promise;
    if (is_told && settings.guard->traits.locks) return "";  // An event holds none.
    if (is_told && is_set && !has_word(promise.fill_over_erase, "none")) return "";
    return is_set ? promise.fill_over_set : promise.fill_over_erase;
}

// Likewise that two writers leave the older value.
std::string_view prevented_inversions(const Settings& settings, const Copies& copies) {
    const bool are_locks_apart = copies.are_apart() && settings.guard->traits.locks;
    return are_locks_apart ? "" : settings.guard->promise.set_over_set;
}

// A write of a strategy that stores at once.
struct Write {
    std::uint32_t steps = 1;  // To the store, and to the copy at hand, if it treats that.
    bool is_told = false;     // By events, to every copy that it does not treat.
    bool treats_all = false;  // It treats every copy that there is.
    bool is_set = false;      // By its own value.
};

Write write_of(const Settings& settings, const Copies& copies) {
    switch (settings.invalidate) {
        case Invalidate::none:
            return {};
        case Invalidate::erase:
        case Invalidate::set:
            return {.steps = 2, .treats_all = !copies.are_apart(), .is_set = sets(settings)};
        case Invalidate::event:
            // Nobody but the reader of the store's log tells a cache that all share.
            return {.steps = copies.are_apart() ? 2U : 1U, .is_told = true};
    }
    return {};
}

KnownRaces races_of(const Write& write, const Settings& settings, const Copies& copies) {
    KnownRaces races;
    const std::string_view prevented = prevented_fills(settings, copies, write.is_set);
    add_guarded(overtaken_fill(write.steps), prevented, races);
    if (settings.order == Order::cache_first && !write.is_set) {
        const bool keeps_readers_out =
            settings.guard->traits.locks && has_word(prevented, "none");
        add_guarded(early_fill(write.steps), keeps_readers_out ? prevented : "", races);
    }
    if (settings.late_delete_alone && !settings.acknowledges_late)
        races.push_back(late_delete(write.steps));
    if (write.is_told) {
        races.push_back(late_event(write.steps, copies.are_apart()));
    } else if (settings.invalidate == Invalidate::none) {
        races.push_back(unseen_write());
    } else if (!write.treats_all) {
        races.push_back(unseen_write_of_a_node(write.steps));
    }
    if (settings.negative_ttl > Duration{0})
        add_guarded(negative_entry_hides_insert(write.steps), prevented, races);
    return races;
}

// `copy_steps`: for a copy to be there.
void add_inversion(const Settings& settings, const Copies& copies, std::uint32_t copy_steps,
                   KnownRaces& races) {
    const bool is_early = settings.order == Order::cache_first;
    add_guarded(is_early ? inverted_stores() : inverted_writers(copy_steps),
                prevented_inversions(settings, copies), races);
}

}  // namespace

KnownRaces no_races(const Settings& /*settings*/, const Copies& /*copies*/) { return {}; }

KnownRaces races_of_invalidation(const Settings& settings, const Copies& copies) {
    KnownRaces races = races_of(write_of(settings, copies), settings, copies);
    if (sets(settings)) add_inversion(settings, copies, 0, races);
    return races;
}

KnownRaces races_of_write_through(const Settings& settings, const Copies& copies) {
    const bool is_told = settings.invalidate == Invalidate::event && copies.are_apart();
    KnownRaces races = races_of(
        {.steps = 2, .is_told = is_told, .treats_all = !copies.are_apart(), .is_set = true},
        settings, copies);
    add_inversion(settings, copies, 0, races);
    return races;
}

// With `set` it leaves alone what is not cached.
KnownRaces races_of_write_around(const Settings& settings, const Copies& copies) {
    if (!sets(settings)) return races_of_invalidation(settings, copies);
    KnownRaces races =
        races_of({.steps = 1, .treats_all = !copies.are_apart()}, settings, copies);
    add_inversion(settings, copies, miss_steps, races);
    return races;
}

KnownRaces races_of_write_behind(const Settings& settings, const Copies& copies) {
    const KnownRace slow_fill{
        .name = "slow_fill_over_queue",
        .story =
            "A reader misses and loads the old value, a writer queues and caches a new "
            "one, and the reader fills the cache with the old value.",
        .clients = 2,
        .steps = 5,
        .test = "HazardOfSettings.AFillThatAWriteHasOvertakenIsKept"};
    const std::string_view prevented = prevented_fills(settings, copies, true);
    KnownRaces races;
    add_guarded(slow_fill, prevented, races);
    const KnownRaces of_queue{
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
    races.insert(races.end(), of_queue.begin(), of_queue.end());
    if (!settings.looks_into_queue) {
        races.push_back({.name = "evicted_from_queue",
                         .story =
                             "A write waits in the queue, its entry is evicted, and a reader "
                             "loads the old value and caches it.",
                         .clients = 1,
                         .steps = 4,
                         .test = "WriteBehindTest.WithoutALookIntoTheQueueAReaderMayGoBack"});
    }
    if (settings.flushers > 1) {
        races.push_back(
            {.name = "unordered_flush",
             .story = "A batch with a value of a key is under way, a newer value of the "
                      "key leaves with another flusher, and the older one is stored last.",
             .breaks = Breaks::store,
             .lasts = Lasts::until_next_write,
             .clients = 1,
             .steps = 4,
             .test = "WriteBehindTest.SeveralFlushersStoreAnOlderValueLast"});
    }
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
    if (settings.negative_ttl > Duration{0})
        add_guarded(negative_entry_hides_insert(1), prevented, races);
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
