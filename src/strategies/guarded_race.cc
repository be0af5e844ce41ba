// SPDX-License-Identifier: Apache-2.0
#include "strategies/guarded_race.h"

#include "core/words.h"

namespace stalemark {
namespace {

constexpr std::string_view fill = "overtaken_fill";
constexpr std::string_view fill_of_queue = "slow_fill_over_queue";
constexpr std::string_view absence = "negative_entry_hides_insert";

bool is_of_a_fill(const KnownRace& race) {
    return race.name == fill || race.name == fill_of_queue || race.name == absence;
}

// To what is known besides comes the eviction of the entry, which is no call of a client.
KnownRace after_eviction(KnownRace race) {
    if (is_of_a_fill(race)) {
        race.name = "fill_after_eviction";
        race.story =
            "A reader misses and loads the old value, a writer changes the row, what it leaves "
            "in "
            "the cache is evicted, and then the reader fills the cache with the old value.";
        race.test = "GuardPromises.AFillThatAnEraseOrASetHasOvertaken";
    } else {
        race.name = "inverted_after_eviction";
        race.story =
            "Two writers change the store one after the other, the entry of the second is "
            "evicted, and then the first caches the older value.";
        race.test = "GuardPromises.TwoWritersThatSetInTheOppositeOrder";
    }
    return race;
}

KnownRace after_expiry(KnownRace race) {
    race.needs = KnownRace::Needs::pause;
    if (is_of_a_fill(race)) {
        race.name = "fill_after_lock";
        race.story =
            "A reader that misses takes the lock and loads the old value, its lock expires "
            "while "
            "it pauses, a writer changes the row, and then the reader caches the old value.";
        race.test = "GuardPromises.AFillThatAnEraseOrASetHasOvertaken";
    } else {
        race.name = "inverted_after_lock";
        race.story =
            "A writer changes the store, its lock expires while it pauses, another writer "
            "changes "
            "store and cache, and then the first caches the older value.";
        race.test = "GuardPromises.TwoWritersThatSetInTheOppositeOrder";
    }
    return race;
}

bool has(const KnownRaces& races, std::string_view name) {
    for (const KnownRace& race : races) {
        if (race.name == name) return true;
    }
    return false;
}

}  // namespace

void add_guarded(const KnownRace& race, std::string_view prevented, KnownRaces& races) {
    const auto add = [&](const KnownRace& one) {
        if (!has(races, one.name)) races.push_back(one);
    };
    if (!has_word(prevented, "none")) return races.push_back(race);
    if (!has_word(prevented, "eviction")) add(after_eviction(race));
    if (!has_word(prevented, "expiry")) add(after_expiry(race));
}

}  // namespace stalemark
