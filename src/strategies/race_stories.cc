// SPDX-License-Identifier: Apache-2.0
#include "strategies/race_stories.h"

namespace stalemark {
namespace {

using Lasts = KnownRace::Lasts;

}  // namespace

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

KnownRace overtaken_reload(std::uint32_t write_steps) {
    return {.name = "overtaken_reload",
            .story =
                "A hit begins a reload that finds the old value in the store, a writer "
                "changes the store, and the reload caches the old value for another TTL.",
            .clients = 2,
            .steps = miss_steps + 4 + write_steps,
            .test = "HazardOfSettings.AReloadThatAWriteHasOvertakenIsKept"};
}

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

KnownRace fill_after_forgetting(std::uint32_t write_steps) {
    return {
        .name = "fill_after_forgetting",
        .story =
            "A reader misses and loads the old value, a writer changes the row, so many others "
            "are changed that its version is forgotten, and then the reader caches the old "
            "value.",
        .clients = 2,
        .steps = miss_steps + 2 * write_steps + 1,
        .test = "GuardHazard.AtItsBoundsWhatWasNotedFirstIsForgotten"};
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

}  // namespace stalemark
