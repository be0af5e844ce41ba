// SPDX-License-Identifier: Apache-2.0
// An interleaving that is known to break what a reader may hope for: a fact of a strategy under
// its settings, played by a test in virtual time.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "strategies/settings.h"

namespace stalemark {

struct Copies;

struct KnownRace {
    // What it breaks.
    enum class Breaks : std::uint8_t {
        reads,  // A read may return an old value after a newer write was acknowledged.
        store,  // The store may hold an older value than was acknowledged.
    };
    // What ends it at the latest.
    enum class Lasts : std::uint8_t {
        until_ttl,         // The end of the entry's life; without a TTL nothing does.
        until_event,       // The arrival of the event that tells of the write.
        until_flush,       // The flush of the change that waits.
        until_delete,      // The delete of the copy that comes late.
        until_next_write,  // The next write of the key; no TTL does.
        for_ever,          // Nothing: the write is lost.
    };

    // What must happen besides.
    enum class Needs : std::uint8_t {
        nothing,
        trouble,  // A call of the store whose outcome is not known.
        crash,    // The end of a process.
        pause,    // A holder of a lock that stands still for longer than the lock lasts.
    };

    std::string_view name;   // A short identifier, in snake_case.
    std::string_view story;  // One sentence: who does what, in order.
    Breaks breaks = Breaks::reads;
    Lasts lasts = Lasts::until_ttl;
    Needs needs = Needs::nothing;

    // Of the shortest story, to the end of what shows the harm: clients that take part, and
    // calls of cache and store, those of the flusher included. Second looks do not count, nor
    // what a strategy calls beyond its kind.
    std::uint32_t clients = 1;
    std::uint32_t steps = 1;

    std::string_view test;  // That plays it: "Suite.Name".
};
constexpr std::array<std::string_view, 2> breaks_names = {"reads", "store"};
constexpr std::array<std::string_view, 4> needs_names = {"nothing", "trouble", "crash",
                                                         "pause"};
constexpr std::array<std::string_view, 6> lasts_names = {
    "until_ttl", "until_event", "until_flush", "until_delete", "until_next_write", "for_ever"};

// Of each strategy. A shield's own loads and the faults of a bus are not among the stories.
using KnownRaces = std::vector<KnownRace>;
KnownRaces no_races(const Settings& settings, const Copies& copies);
KnownRaces races_of_invalidation(const Settings& settings, const Copies& copies);
KnownRaces races_of_write_through(const Settings& settings, const Copies& copies);
KnownRaces races_of_write_around(const Settings& settings, const Copies& copies);
KnownRaces races_of_write_behind(const Settings& settings, const Copies& copies);
KnownRaces races_of_refresh_ahead(const Settings& settings, const Copies& copies);

}  // namespace stalemark
