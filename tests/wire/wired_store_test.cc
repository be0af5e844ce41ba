// SPDX-License-Identifier: Apache-2.0
// What a wired store hands on, what it counts and when it answers, in virtual time.

#include "wire/wired_store.h"

#include <vector>

#include "wire/wired_store_play.h"

namespace stalemark {
namespace {

TEST_F(WiredStoreTest, AnAnswerThatComesTooLateIsNoneAndItsWorkIsDone) {
    Wire slow(*runtime, {.latency = latency("10ms"), .servers = 1, .timeout = milliseconds(15)},
              "wire", 1);
    WiredStore impatient(far, slow, 10, [](const Stored&) {});
    at(0, [&] { EXPECT_TRUE(impatient.put(Key{1}, Bytes("in time"))); });
    at(1, [&] {  // Waits until 10 and would be answered at 20: 19 after it asked.
        const auto late = impatient.put(Key{1}, Bytes("late"));
        ASSERT_FALSE(late);
        EXPECT_EQ(late.error(), Trouble::unknown);
        EXPECT_EQ(runtime->now(), milliseconds(16));
    });
    at(2, [&] {  // Keeps its place, from 20 to 30.
        const auto late = impatient.get(Key{1});
        ASSERT_FALSE(late);
        EXPECT_EQ(late.error(), Trouble::failed);
        EXPECT_EQ(runtime->now(), milliseconds(17));
        EXPECT_EQ(impatient.take_concurrent_reads_max(), 1U);
    });
    at(18, [&] {  // Is answered at 40: 22 after it asked.
        EXPECT_FALSE(impatient.get(Key{1}));
        EXPECT_EQ(impatient.take_concurrent_reads_max(), 2U);
        impatient.wait_for_given_up();
        EXPECT_EQ(runtime->now(), milliseconds(40));
    });
    at(100, [&] { EXPECT_EQ(impatient.get(Key{1})->bytes, Bytes("late")); });
    runtime->run();
    EXPECT_EQ(impatient.counts().failed, 3U);
}

TEST_F(WiredStoreTest, HandsEveryCallOn) {
    at(0, [&] {
        EXPECT_EQ(*store.put(Key{1}, Bytes("one")), 1U);
        EXPECT_EQ(store.get(Key{1})->bytes, Bytes("one"));
        EXPECT_EQ(*store.erase(Key{1}), 2U);
        EXPECT_EQ(*store.get(Key{1}), Row{.version = 2});
        const std::vector<Change> batch = {{Key{1}, Bytes("uno")}, {Key{2}, std::nullopt}};
        EXPECT_TRUE(store.write(batch));
        EXPECT_EQ(store.get(Key{1})->bytes, Bytes("uno"));
        EXPECT_EQ(runtime->now(), milliseconds(60));
    });
    runtime->run();
}

TEST_F(WiredStoreTest, ARowIsFetchedNearWhenItsReadIsSentUnlessTheReadTakesNoTime) {
    at(0, [&] { store.get(Key{1}); });
    at(1, [&] { EXPECT_EQ(far.fetched, std::vector{Key{1}}); });  // Read at 5.
    runtime->run();
    Wire bare(*runtime, {.latency = latency("0s")}, "wire", 1);
    WiredStore(far, bare, 10, [](const Stored&) {}).get(Key{2});
    EXPECT_EQ(far.fetched, std::vector{Key{1}});
}

TEST_F(WiredStoreTest, ARowOnItsWayBackIsNotLentUnlessTheReadTakesNoTime) {
    far.lender = std::make_shared<int>();
    at(0, [&] {
        ASSERT_TRUE(far.put(Key{1}, written(1)));
        EXPECT_EQ(store.get(Key{1})->bytes, written(1));
    });
    at(7, [&] { EXPECT_EQ(far.lender.use_count(), 1); });  // Read at 5, back at 10.
    at(20, [&] {
        const auto lent = bare_store.get(Key{1});
        EXPECT_EQ(far.lender.use_count(), 2);
    });
    runtime->run();
}

TEST_F(WiredStoreTest, CountsCallsAndTheRowsOfBatches) {
    at(0, [&] {
        store.get(Key{1});
        store.put(Key{1}, Bytes("a"));
        store.erase(Key{1});
        const std::vector<Change> batch = {
            {Key{1}, Bytes("a")}, {Key{2}, Bytes("b")}, {Key{3}, std::nullopt}};
        store.write(batch);
    });
    runtime->run();
    const StoreCounts counts = store.counts();
    EXPECT_EQ(counts.reads, 1U);
    EXPECT_EQ(counts.writes, 3U);
    EXPECT_EQ(counts.deletes, 2U);
    EXPECT_EQ(counts.batches, 1U);
    EXPECT_EQ(counts.failed, 0U);
}

TEST_F(WiredStoreTest, CountsFromAMomentOnAreADifference) {
    StoreCounts before;
    at(0, [&] {
        store.get(Key{1});
        store.put(Key{1}, Bytes("a"));
        before = store.counts();
        store.get(Key{1});
        store.get(Key{1});
        store.erase(Key{1});
    });
    runtime->run();
    const StoreCounts counts = store.counts() - before;
    EXPECT_EQ(counts.reads, 2U);
    EXPECT_EQ(counts.writes, 0U);
    EXPECT_EQ(counts.deletes, 1U);
}

TEST_F(WiredStoreTest, TheLogLiesAtTheFarEndOfTheSameWire) {
    Wire narrow(*runtime, {.latency = latency("10ms"), .servers = 1}, "wire", 1);
    WiredStore queued(far, narrow, 10, [](const Stored&) {});
    at(0, [&] { queued.put(Key{1}, Bytes("a")); });  // Stored at 5 ms.
    at(1, [&] {
        const auto read = queued.log()->read(LogPosition{0}, 9);
        EXPECT_EQ(runtime->now(), milliseconds(20));
        ASSERT_EQ(read->size(), 1U);
        EXPECT_EQ(read->front().key, Key{1});
    });
    at(30, [&] { far.put(Key{2}, Bytes("b")); });
    at(36, [&] { far.put(Key{3}, Bytes("c")); });
    at(30, [&] {
        EXPECT_EQ(*queued.log()->end(), LogPosition{2});  // At 35 ms.
        EXPECT_EQ(runtime->now(), milliseconds(40));
    });
    runtime->run();
}

TEST_F(WiredStoreTest, CountsCallsToTheLogApartFromReads) {
    StoreCounts before;
    at(0, [&] {
        for (const std::uint64_t key : {1U, 2U, 3U}) store.put(Key{key}, Bytes("a"));
        store.log()->end();
        before = store.counts();
        store.log()->read(LogPosition{0}, 9);
        store.log()->read(LogPosition{3}, 9);
        EXPECT_EQ(store.log()->read(LogPosition{4}, 9), std::unexpected(Trouble::failed));
    });
    runtime->run();
    const StoreCounts counts = store.counts();
    EXPECT_EQ(counts.log_reads, 4U);
    EXPECT_EQ(counts.reads, 0U);
    EXPECT_EQ(counts.redundant_reads, 0U);
    EXPECT_EQ(counts.failed, 1U);
    EXPECT_EQ((counts - before).log_reads, 3U);
}

TEST_F(WiredStoreTest, HasALogIfTheStoreHasOne) {
    const auto without = make_memory_store();
    EXPECT_NE(store.log(), nullptr);
    EXPECT_EQ(WiredStore(*without, wire, 10, [](const Stored&) {}).log(), nullptr);
}

}  // namespace
}  // namespace stalemark
