// SPDX-License-Identifier: Apache-2.0
// What write-behind breaks whose queue nobody looks into, or that has several flushers.

#include <gtest/gtest.h>

#include "strategies/stage.h"

namespace stalemark {
namespace {

TEST(QueueVariants, WithoutALookIntoTheQueueAReaderMayGoBack) {
    for (const bool looks : {true, false}) {
        Stage play;
        play.settings.looks_into_queue = looks;
        play.make("write_behind");
        play.store.rows[Key{1}] = {Bytes("old"), 1};
        play.at(0, [&] {
            play.write(Key{1}, "new");
            play.cache.entries.clear();
        });
        for (const int ms : {1, 1'000}) {
            play.at(ms, [&] { EXPECT_EQ(play.read(Key{1}), looks ? "new" : "old"); });
        }
        play.play_until();
        EXPECT_EQ(play.stored(Key{1}), "new");
    }
}

// The first batch is held up on its way.
TEST(QueueVariants, SeveralFlushersStoreAnOlderValueLast) {
    for (const std::uint64_t flushers : {1U, 2U}) {
        Stage play;
        play.settings.flushers = flushers;
        play.settings.flush_delay = milliseconds(1);
        play.make("write_behind");
        play.store.next_write_waits = milliseconds(30);
        play.at(0, [&] { play.write(Key{1}, "a"); });
        play.at(10, [&] { play.write(Key{1}, "b"); });
        play.play_until();
        const bool is_ordered = flushers == 1;
        EXPECT_EQ(play.stored(Key{1}), is_ordered ? "b" : "a");
        EXPECT_EQ(play.store.batches, is_ordered ? (std::vector<std::string>{"a", "b"})
                                                 : (std::vector<std::string>{"b", "a"}));
        EXPECT_EQ(play.strategy().queue_counts()->queued_max, 2U);
    }
}

TEST(QueueVariants, SeveralFlushersStoreEveryChangeOnce) {
    Stage stage;
    stage.settings.flushers = 3;
    stage.settings.flush_batch = 2;
    stage.settings.flush_delay = milliseconds(1);
    stage.settings.queue_max = 4;
    stage.store.write_takes = milliseconds(5);
    stage.make("write_behind");
    for (std::uint64_t i = 0; i < 20; ++i) {
        stage.at(static_cast<int>(i % 7), [&stage, i] { stage.write(Key{i}, "x"); });
    }
    stage.play_until();
    std::size_t stored = 0;
    for (const std::string& batch : stage.store.batches) stored += batch.size();
    EXPECT_EQ(stored, 20U);
    EXPECT_EQ(stage.store.rows.size(), 20U);
    EXPECT_LE(stage.strategy().queue_counts()->queued_max, 4U);
    EXPECT_EQ(stage.strategy().queue_counts()->dropped, 0U);
}

TEST(QueueVariants, SeveralFlushersSendAgainWhatAStoreRefused) {
    Stage stage;
    stage.settings.flushers = 3;
    stage.settings.flush_delay = milliseconds(1);
    stage.make("write_behind");
    stage.store.fails_writes = Trouble::failed;
    stage.at(0, [&] { stage.write(Key{1}, "a"); });
    stage.at(5, [&] { stage.write(Key{2}, "b"); });
    stage.at(50, [&] { stage.store.fails_writes.reset(); });
    stage.play_until();
    EXPECT_EQ(stage.stored(Key{1}), "a");
    EXPECT_EQ(stage.stored(Key{2}), "b");
    EXPECT_GT(stage.strategy().queue_counts()->retried, 0U);
}

}  // namespace
}  // namespace stalemark
