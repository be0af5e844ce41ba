// SPDX-License-Identifier: Apache-2.0
// The queue of write-behind: delay, batches, coalescing, a full queue, trouble, the drain.

#include <gtest/gtest.h>

#include "strategies/stage.h"

namespace stalemark {
namespace {

class WriteBehindTest : public testing::Test {
protected:
    QueueCounts counts() { return *stage.strategy().queue_counts(); }

    Stage stage;
};

TEST_F(WriteBehindTest, AChangeIsStoredWhenItIsAsOldAsTheDelay) {
    stage.settings.flush_delay = milliseconds(30);
    stage.make("write_behind");
    stage.at(0, [&] { stage.write(Key{1}, "a"); });
    stage.at(29, [&] { EXPECT_EQ(stage.stored(Key{1}), "absent"); });
    stage.at(31, [&] { EXPECT_EQ(stage.stored(Key{1}), "a"); });
    stage.play_until();
}

TEST_F(WriteBehindTest, ANewerChangeTakesThePlaceAndAgeOfTheWaitingOne) {
    stage.settings.flush_delay = milliseconds(30);
    stage.make("write_behind");
    stage.at(0, [&] { stage.write(Key{1}, "a"); });
    stage.at(20, [&] { stage.write(Key{1}, "b"); });
    stage.at(31, [&] { EXPECT_EQ(stage.stored(Key{1}), "b"); });
    stage.play_until();
    EXPECT_EQ(stage.store.batches, std::vector<std::string>{"b"});
    EXPECT_EQ(counts().coalesced, 1U);
}

TEST_F(WriteBehindTest, WithoutCoalescingEveryChangeReachesTheStoreInOrder) {
    stage.settings.flush_delay = milliseconds(30);
    stage.settings.coalescing = false;
    stage.make("write_behind");
    stage.at(0, [&] {
        for (const auto* text : {"a", "b", "c"}) stage.write(Key{1}, text);
    });
    stage.play_until();
    EXPECT_EQ(stage.store.batches, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(counts().coalesced, 0U);
}

TEST_F(WriteBehindTest, ABatchHoldsNoMoreThanItsSize) {
    stage.settings.flush_batch = 3;
    stage.make("write_behind");
    stage.at(0, [&] {
        for (std::uint64_t i = 0; i < 7; ++i) stage.write(Key{i}, std::string(1, "abcdefg"[i]));
    });
    stage.play_until();
    EXPECT_EQ(stage.store.batches, (std::vector<std::string>{"abc", "def", "g"}));
    EXPECT_EQ(counts().batches, 3U);
    EXPECT_EQ(counts().queued_max, 7U);
}

TEST_F(WriteBehindTest, AnEvictedKeyIsReadFromTheQueueAndNotFromThePast) {
    stage.make("write_behind");
    stage.store.rows[Key{1}] = {Bytes("old"), 1};
    stage.at(0, [&] {
        stage.write(Key{1}, "new");
        stage.cache.entries.clear();
        EXPECT_EQ(stage.read(Key{1}), "new");
        EXPECT_EQ(stage.last_outcome, Outcome::hit);
        stage.erase(Key{1});
        EXPECT_EQ(stage.read(Key{1}), "absent");
    });
    stage.play_until();
}

TEST_F(WriteBehindTest, AKeyInFlightIsReadFromItsNewestChange) {
    stage.settings.flush_delay = milliseconds(10);
    stage.make("write_behind");
    stage.store.write_takes = milliseconds(50);
    stage.at(0, [&] { stage.write(Key{1}, "a"); });
    stage.at(20, [&] { stage.write(Key{1}, "b"); });  // "a" is in flight: not to be replaced.
    stage.at(70, [&] {                                // "a" has arrived, "b" is in flight.
        stage.cache.entries.clear();
        EXPECT_EQ(stage.read(Key{1}), "b");
    });
    stage.play_until();
    EXPECT_EQ(stage.store.batches, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(stage.stored(Key{1}), "b");
}

TEST_F(WriteBehindTest, AFullQueueThatBlocksMakesTheWriterWaitForABatch) {
    stage.settings.queue_max = 2;
    stage.settings.flush_delay = milliseconds(1'000);
    stage.make("write_behind");
    stage.store.write_takes = milliseconds(5);
    stage.at(0, [&] {
        stage.write(Key{1}, "a");
        stage.write(Key{2}, "b");
        EXPECT_EQ(stage.runtime->now(), milliseconds(0));
        EXPECT_TRUE(stage.write(Key{3}, "c"));
        EXPECT_EQ(stage.runtime->now(), milliseconds(5));
    });
    stage.play_until();
    EXPECT_EQ(counts().blocked_ns, 5'000'000U);
    EXPECT_EQ(counts().queued_max, 2U);
    EXPECT_EQ(stage.stored(Key{3}), "c");
}

TEST_F(WriteBehindTest, AFullQueueThatMakesTheCallerRunLetsItStoreTheFront) {
    stage.settings.queue_max = 2;
    stage.settings.flush_batch = 1;
    stage.settings.when_full = WhenFull::caller_runs;
    stage.settings.flush_delay = milliseconds(1'000);
    stage.make("write_behind");
    stage.at(0, [&] {
        stage.write(Key{1}, "a");
        stage.write(Key{2}, "b");
        stage.write(Key{3}, "c");
        EXPECT_EQ(stage.store.batches, std::vector<std::string>{"a"});
    });
    stage.play_until();
    EXPECT_EQ(stage.store.batches, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(WriteBehindTest, AFullQueueThatRejectsFailsTheWriteAndCachesNothingOfIt) {
    stage.settings.queue_max = 1;
    stage.settings.when_full = WhenFull::reject;
    stage.make("write_behind");
    stage.at(0, [&] {
        EXPECT_TRUE(stage.write(Key{1}, "a"));
        EXPECT_TRUE(stage.write(Key{1}, "b"));  // Takes the place of the first.
        EXPECT_FALSE(stage.write(Key{2}, "c"));
        EXPECT_EQ(stage.cached(Key{2}), "nothing");
    });
    stage.play_until();
    EXPECT_EQ(counts().rejected, 1U);
    EXPECT_EQ(stage.stored(Key{2}), "absent");
}

// However many wait, and whatever a full queue makes them do; among them two of one key.
TEST(FullQueue, OfADeadStoreHoldsNobodyForMoreThanTenSeconds) {
    for (const WhenFull when_full : {WhenFull::block, WhenFull::caller_runs}) {
        Stage scene;
        scene.settings.queue_max = 2;
        scene.settings.when_full = when_full;
        scene.make("write_behind");
        scene.store.fails_writes = Trouble::failed;
        scene.at(0, [&] {
            EXPECT_TRUE(scene.write(Key{1}, "a"));
            EXPECT_TRUE(scene.write(Key{2}, "b"));
        });
        for (const std::uint64_t key : {3U, 4U, 4U, 5U}) {
            scene.at(6'000, [&, key] {
                EXPECT_FALSE(scene.write(Key{key}, "c"));
                EXPECT_GE(scene.runtime->now(), milliseconds(10'000));
                EXPECT_LT(scene.runtime->now(), milliseconds(12'000));
            });
        }
        scene.at(13'000, [&] { scene.store.fails_writes.reset(); });
        scene.at(15'000, [&] { EXPECT_TRUE(scene.write(Key{6}, "d")); });
        scene.play_until(20'000);
        EXPECT_EQ(scene.strategy().queue_counts()->rejected, 4U);
        EXPECT_EQ(scene.strategy().queue_counts()->dropped, 0U);
        EXPECT_EQ(scene.stored(Key{6}), "d");
        EXPECT_EQ(scene.stored(Key{4}), "absent");
    }
}

TEST(FullQueue, TheTimeOfAWriterThatIsRefusedAtLastIsTimeOnAFullQueue) {
    Stage scene;
    scene.settings.queue_max = 1;
    scene.make("write_behind");
    scene.store.fails_writes = Trouble::failed;
    scene.at(0, [&] { EXPECT_TRUE(scene.write(Key{1}, "a")); });
    scene.at(4'000, [&] { EXPECT_FALSE(scene.write(Key{2}, "b")); });
    scene.play_until(15'000);
    EXPECT_EQ(scene.strategy().queue_counts()->blocked_ns, 6'000'000'000U);
}

TEST(FullQueue, OfASlowStoreHoldsWritersForAsLongAsItMoves) {
    for (const WhenFull when_full : {WhenFull::block, WhenFull::caller_runs}) {
        Stage scene;
        scene.settings.queue_max = 1;
        scene.settings.flush_batch = 1;
        scene.settings.when_full = when_full;
        scene.make("write_behind");
        scene.store.write_takes = milliseconds(4'000);
        for (std::uint64_t key = 0; key < 8; ++key) {
            scene.at(0, [&, key] { EXPECT_TRUE(scene.write(Key{key}, "a")); });
        }
        scene.play_until(60'000);
        EXPECT_EQ(scene.strategy().queue_counts()->rejected, 0U);
        EXPECT_EQ(scene.store.batches.size(), 8U);
    }
}

TEST_F(WriteBehindTest, AfterTroubleABatchIsSentAgainBeforeAnyLaterOne) {
    stage.settings.flush_delay = milliseconds(10);
    stage.settings.flush_batch = 1;
    stage.make("write_behind");
    stage.store.fails_writes = Trouble::failed;
    stage.at(0, [&] {
        stage.write(Key{1}, "a");
        stage.write(Key{2}, "b");
    });
    stage.at(20, [&] { stage.write(Key{1}, "c"); });
    stage.at(100, [&] { stage.store.fails_writes.reset(); });
    stage.play_until();
    EXPECT_EQ(stage.store.batches, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_GE(counts().retried, 3U);
    EXPECT_EQ(counts().dropped, 0U);
}

TEST_F(WriteBehindTest, ABatchThatIsSentAgainCountsOnceHoweverManyChangesItHolds) {
    stage.settings.flush_delay = milliseconds(10);
    stage.make("write_behind");
    stage.store.fails_writes = Trouble::failed;
    stage.at(0, [&] {
        stage.write(Key{1}, "a");
        stage.write(Key{2}, "b");
    });
    stage.at(12, [&] { stage.store.fails_writes.reset(); });  // Sent at 10, 11 and 13.
    stage.play_until();
    EXPECT_EQ(stage.store.batches, std::vector<std::string>{"ab"});
    EXPECT_EQ(counts().retried, 2U);
}

TEST_F(WriteBehindTest, AfterAWarmUpTheLongestQueueBeginsWithWhatWaitsThen) {
    stage.settings.flush_delay = milliseconds(30);
    stage.make("write_behind");
    stage.at(0, [&] {
        for (const std::uint64_t key : {1U, 2U, 3U}) stage.write(Key{key}, "a");
    });
    stage.at(10, [&] {
        stage.strategy().forget_peaks();
        EXPECT_EQ(counts().queued_max, 3U);
    });
    stage.at(40, [&] {  // All are stored.
        EXPECT_EQ(counts().queued_max, 3U);
        stage.strategy().forget_peaks();
        EXPECT_EQ(counts().queued_max, 0U);
    });
    stage.play_until();
}

TEST_F(WriteBehindTest, TheDrainStoresAllThatWaitsAtOnce) {
    stage.settings.flush_delay = std::chrono::minutes(10);
    stage.make("write_behind");
    stage.at(0, [&] { stage.write(Key{1}, "a"); });
    stage.play_until(5);
    EXPECT_EQ(stage.stored(Key{1}), "a");
    EXPECT_EQ(stage.runtime->now(), milliseconds(5));
}

TEST_F(WriteBehindTest, ADrainThatTheStoreRefusesGivesUpAndSaysWhatIsLost) {
    stage.settings.flush_batch =
        1;  // What waits behind the batch that is refused is lost, too.
    stage.make("write_behind");
    stage.store.fails_writes = Trouble::failed;
    stage.at(0, [&] {
        stage.write(Key{1}, "a");
        stage.write(Key{2}, "b");
    });
    stage.play_until(50);
    EXPECT_EQ(counts().dropped, 2U);
}

}  // namespace
}  // namespace stalemark
