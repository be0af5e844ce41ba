// SPDX-License-Identifier: Apache-2.0
#include "core/words.h"
#include "strategies/catalog.h"
#include "strategies/guarded_race.h"
#include "strategies/race_stories.h"

namespace stalemark {
namespace {

using Breaks = KnownRace::Breaks;
using Lasts = KnownRace::Lasts;
using Needs = KnownRace::Needs;

bool sets(const Settings& settings) { return settings.invalidate == Invalidate::set; }

// The faults under which the guard prevents that a fill hides a write. Where a write does not
// reach a copy, no guard does: neither do the locks, which are the node's own then. Nor does
// one see what a near cache copies from a shared one, which may be old when it comes near.
std::string_view prevented_fills(const Settings& settings, const Copies& copies, bool is_set) {
    const bool is_told = settings.invalidate == Invalidate::event;
    if (copies.are_layered) return "";
    if (settings.invalidate == Invalidate::none || (copies.are_apart() && !is_told)) return "";
    const GuardPromise promise = promise_of(*settings.guard, settings.guarding);
    if (is_told && settings.guard->traits.locks) return "";  // An event holds none.
    if (is_told && is_set && !has_word(promise.fill_over_erase, "none")) return "";
    return is_set ? promise.fill_over_set : promise.fill_over_erase;
}

// Likewise that two writers leave the older value.
std::string_view prevented_inversions(const Settings& settings, const Copies& copies) {
    const bool are_locks_apart = copies.are_apart() && settings.guard->traits.locks;
    if (are_locks_apart) return "";
    return promise_of(*settings.guard, settings.guarding).set_over_set;
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
    if (settings.guard->traits.remembers && has_word(prevented, "none"))
        races.push_back(fill_after_forgetting(write.steps));
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
                         .test = "QueueVariants.WithoutALookIntoTheQueueAReaderMayGoBack"});
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
             .test = "QueueVariants.SeveralFlushersStoreAnOlderValueLast"});
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
