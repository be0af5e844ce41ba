// SPDX-License-Identifier: Apache-2.0
// What each guard of the catalogue declares, played without faults and with each of them: the
// old value must stay in the cache exactly where the guard does not declare that it is kept
// out.

#include <gtest/gtest.h>

#include <algorithm>

#include "caches/layered_cache.h"
#include "core/words.h"
#include "strategies/guard_stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

enum class Fault : std::uint8_t { none, eviction, expiry };
constexpr std::string_view word_of(Fault fault) {
    return fault == Fault::none ? "none" : fault == Fault::eviction ? "eviction" : "expiry";
}

class GuardPromises : public testing::Test {
protected:
    // Plays the story for every guard, under each fault. `declared` gives the faults under
    // which no old value stays.
    template <typename Declared, typename Story>
    void play(Declared declared, Story story) {
        for (const GuardEntry& guard : all_guards()) {
            for (const Fault fault : {Fault::none, Fault::eviction, Fault::expiry}) {
                for (const bool is_fenced : {false, true}) {
                    if (is_fenced && !guard.traits.locks) continue;
                    SCOPED_TRACE(std::string(guard.name) + (is_fenced ? " fenced " : " ") +
                                 std::string(word_of(fault)));
                    GuardStage stage;
                    stage.settings.guarding.fencing = is_fenced;
                    prepare(stage, fault);
                    std::string seen;
                    story(stage, guard, fault);
                    stage.at(50'000, [&] { seen = stage.read(key); });
                    stage.play();
                    const GuardPromise promise = promise_of(guard, stage.settings.guarding);
                    EXPECT_EQ(seen == stage.stored(key),
                              has_word(declared(promise), word_of(fault)))
                        << seen;
                }
            }
        }
    }
    // With the times of locks and leases in proportion to the story.
    static void prepare(GuardStage& stage, Fault fault) {
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
        if (fault != Fault::expiry) return;
        GuardSettings& guarding = stage.settings.guarding;
        guarding.lease_ttl = guarding.lock_ttl = guarding.quarantine_ttl = milliseconds(3);
    }
    // A reader who loads for 10 ms, and a writer that overtakes him.
    static void overtake_a_fill(GuardStage& stage, Fault fault) {
        stage.store.read_takes = milliseconds(10);
        stage.at(0, [&] { EXPECT_EQ(stage.read(key), "old"); });
        stage.at(5, [&] { EXPECT_TRUE(stage.write(key, "new")); });
        if (fault == Fault::eviction) stage.at(7, [&] { stage.evict(key); });
    }
};

TEST_F(GuardPromises, AFillThatAnEraseOrASetHasOvertaken) {
    play([](const GuardPromise& promise) { return promise.fill_over_erase; },
         [](GuardStage& stage, const GuardEntry& guard, Fault fault) {
             stage.make("cache_aside", guard.name);
             overtake_a_fill(stage, fault);
         });
    play([](const GuardPromise& promise) { return promise.fill_over_set; },
         [](GuardStage& stage, const GuardEntry& guard, Fault fault) {
             stage.make("write_through", guard.name);
             overtake_a_fill(stage, fault);
         });
}

TEST_F(GuardPromises, TwoWritersThatSetInTheOppositeOrder) {
    play([](const GuardPromise& promise) { return promise.set_over_set; },
         [](GuardStage& stage, const GuardEntry& guard, Fault fault) {
             stage.make("write_through", guard.name);
             stage.at(1, [&] {
                 stage.cache.next_change_takes = milliseconds(10);
                 EXPECT_TRUE(stage.write(key, "first"));
             });
             stage.at(5, [&] { EXPECT_TRUE(stage.write(key, "second")); });
             if (fault == Fault::eviction) stage.at(7, [&] { stage.evict(key); });
         });
}

TEST_F(GuardPromises, AWriterThatDiesBetweenStoreAndCache) {
    for (const GuardEntry& guard : all_guards()) {
        GuardStage stage;
        prepare(stage, Fault::none);
        stage.make("cache_aside", guard.name);
        stage.at(0, [&] { EXPECT_EQ(stage.read(key), "old"); });
        stage.at(5, [&] { stage.die_writing(key, "new"); });
        std::string seen;
        stage.at(50'000, [&] { seen = stage.read(key); });
        stage.play();
        EXPECT_EQ(stage.stored(key), "new");
        EXPECT_EQ(seen == "new", has_word(guard.promise.unfinished_change, "crash"))
            << guard.name;
    }
}

TEST_F(GuardPromises, OnlyFaultsThatThereAreAreNamed) {
    for (const GuardEntry& guard : all_guards()) {
        const GuardPromise& promise = guard.promise;
        for (std::string_view rest : {promise.fill_over_erase, promise.fill_over_set,
                                      promise.set_over_set, promise.unfinished_change}) {
            while (!rest.empty()) {
                const std::string_view word = rest.substr(0, rest.find(' '));
                EXPECT_NE(std::ranges::find(guard_faults, word), guard_faults.end()) << word;
                rest.remove_prefix(std::min(word.size() + 1, rest.size()));
            }
        }
    }
}

// A key that never was: its absence has no version.
TEST(GuardHazard, AnAbsenceWithoutVersionHidesNoInsertUnderTombstones) {
    for (const auto* guard : {"newer", "tombstone", "newer_remembered"}) {
        GuardStage stage;
        stage.settings.negative_ttl = milliseconds(100'000);
        stage.make("cache_aside", guard);
        stage.store.read_takes = milliseconds(10);
        stage.at(0, [&] { EXPECT_EQ(stage.read(key), "absent"); });
        stage.at(5, [&] { stage.write(key, "inserted"); });
        std::string seen;
        stage.at(20, [&] { seen = stage.read(key); });
        stage.play();
        EXPECT_EQ(seen, std::string_view(guard) == "newer" ? "absent" : "inserted");
    }
}

TEST(GuardHazard, ATombstoneEndsWithItsTime) {
    for (const int ttl : {3, 30}) {
        GuardStage stage;
        stage.settings.guarding.tombstone_ttl = milliseconds(ttl);
        stage.make("cache_aside", "tombstone");
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
        stage.store.read_takes = milliseconds(10);
        stage.at(0, [&] { stage.read(key); });
        stage.at(5, [&] { stage.write(key, "new"); });
        std::string seen;
        stage.at(20, [&] { seen = stage.read(key); });
        stage.play();
        EXPECT_EQ(seen, ttl == 3 ? "old" : "new");
    }
}

// One key more than is remembered, or a moment longer.
TEST(GuardHazard, AtItsBoundsWhatWasNotedFirstIsForgotten) {
    for (const bool too_many : {false, true}) {
        for (const bool too_long : {false, true}) {
            GuardStage stage;
            stage.settings.guarding.remembered_keys = too_many ? 1 : 2;
            stage.settings.guarding.remembered_for = milliseconds(too_long ? 3 : 30);
            stage.make("cache_aside", "newer_remembered");
            stage.store.rows[key] = {Bytes("old"), 1};
            stage.store.version = 1;
            stage.store.read_takes = milliseconds(10);
            stage.at(0, [&] { stage.read(key); });
            stage.at(5, [&] { stage.write(key, "new"); });
            stage.at(6, [&] { stage.write(Key{8}, "other"); });
            std::string seen;
            stage.at(20, [&] { seen = stage.read(key); });
            stage.play();
            EXPECT_EQ(seen, too_many || too_long ? "old" : "new");
        }
    }
}

// It was on its way from the shared cache when a write erased it there and here.
TEST(GuardHazard, ANearCopyOfASharedEntryMayBeOld) {
    for (const auto* guard : {"tombstone", "lease", "lock"}) {
        GuardStage stage;
        stage.settings.guard = &find_guard(guard);
        const auto near = find_cache("lru").make({}, *stage.runtime);
        LayeredCache layers(*near, stage.cache, *stage.runtime, {});
        const auto node = find_strategy("cache_aside")
                              .make({layers, stage.store, *stage.runtime, stage.settings,
                                     no_shield(), nullptr, nullptr, &stage.locks});
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
        std::string seen;
        stage.at(0, [&] {
            stage.read(*node, key);
            near->clear();
        });
        stage.at(10, [&] {
            stage.cache.next_answer_takes = milliseconds(10);
            stage.read(*node, key);
        });
        stage.at(15, [&] { node->write(key, Bytes("new")); });
        stage.at(1'000, [&] {
            seen = stage.read(*node, key);
            node->drain();
        });
        stage.runtime->run();
        EXPECT_EQ(seen, "old") << guard;
        EXPECT_EQ(stage.stored(key), "new");
    }
}

TEST(GuardHazard, AnEraseLeavesWhatIsNewerThanItsChange) {
    GuardStage stage;
    stage.make("cache_aside", "newer");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.version = 1;
    stage.at(0, [&] { stage.read(key); });
    stage.at(1, [&] {
        stage.cache.next_change_takes = milliseconds(10);
        stage.write(key, "new");
        EXPECT_EQ(stage.cached(key), "newest");
    });
    stage.at(5, [&] { stage.write(key, "newest"); });
    stage.at(6, [&] { EXPECT_EQ(stage.read(key), "newest"); });
    stage.play();
}

}  // namespace
}  // namespace stalemark
