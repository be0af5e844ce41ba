// SPDX-License-Identifier: Apache-2.0
// What a wired store tells of changes, and of reads that are under way at once.

#include <atomic>

#include "runtime/thread_runtime.h"
#include "wire/wired_store_play.h"

namespace stalemark {
namespace {

TEST_F(WiredStoreTest, TellsOfEachChangeAtTheMomentAtWhichTheStoreTakesIt) {
    at(0, [&] { store.put(Key{1}, written(7)); });
    at(20, [&] { store.erase(Key{1}); });
    at(40, [&] {
        const std::vector<Change> batch = {{Key{2}, written(8)}, {Key{3}, std::nullopt}};
        store.write(batch);
    });
    runtime->run();
    EXPECT_EQ(told, (std::vector<std::string>{"5ms 1=7", "25ms 1=deleted", "45ms 2=8",
                                              "45ms 3=deleted"}));
}

TEST_F(WiredStoreTest, CountsTroubleAndTellsNothingOfChangesThatWereNotMade) {
    for (const Trouble trouble : {Trouble::failed, Trouble::unknown}) {
        at(0, [&, trouble] {
            far.trouble = trouble;
            EXPECT_EQ(store.get(Key{1}).error(), trouble);
            EXPECT_EQ(store.put(Key{1}, Bytes("a")).error(), trouble);
            EXPECT_EQ(store.erase(Key{1}).error(), trouble);
            const std::vector<Change> batch = {{Key{1}, Bytes("a")}};
            EXPECT_EQ(store.write(batch).error(), trouble);
        });
        runtime->run();
    }
    EXPECT_EQ(store.counts().failed, 8U);
    EXPECT_TRUE(told.empty());
}

TEST_F(WiredStoreTest, KeepsWhatATaskStoresOverABareWireWhileItHolds) {
    at(0, [&] {
        bare_store.hold();
        bare_store.put(Key{1}, written(7));
        bare_store.erase(Key{1});
        EXPECT_TRUE(told.empty());
        runtime->sleep_until(milliseconds(60));
        bare_store.tell();
        runtime->sleep_until(milliseconds(65));
        bare_store.put(Key{1}, written(9));  // It holds no longer.
        bare_store.tell();
    });
    at(30, [&] { bare_store.put(Key{2}, written(8)); });  // By a task that does not hold.
    runtime->run();
    EXPECT_EQ(told,
              (std::vector<std::string>{"30ms 2=8", "60ms 1=7", "60ms 1=deleted", "65ms 1=9"}));
}

TEST_F(WiredStoreTest, TellsOfABatchAtOnceEvenToATaskThatHolds) {
    at(0, [&] {
        bare_store.hold();
        const std::vector<Change> batch = {{Key{2}, written(8)}};
        bare_store.write(batch);
        runtime->sleep_until(milliseconds(60));
        bare_store.tell();
    });
    runtime->run();
    EXPECT_EQ(told, (std::vector<std::string>{"0ms 2=8"}));
}

TEST_F(WiredStoreTest, TellsAtOnceOverAWireThatTakesTimeEvenToATaskThatHolds) {
    at(0, [&] {
        store.hold();
        store.put(Key{1}, written(7));
        store.tell();
    });
    runtime->run();
    EXPECT_EQ(told, (std::vector<std::string>{"5ms 1=7"}));
}

TEST_F(WiredStoreTest, TellsAtOnceOfWhatIsStoredForATaskThatHasLeft) {
    Wire slow(*runtime, {.latency = latency("40ms"), .timeout = milliseconds(15)}, "wire", 1);
    WiredStore impatient(far, slow, 10, [&](const Stored& stored) { note(stored); });
    at(0, [&] {
        impatient.hold();
        EXPECT_FALSE(impatient.put(Key{1}, written(7)));
        impatient.tell();
        EXPECT_FALSE(impatient.erase(Key{2}));
    });
    runtime->run();
    EXPECT_EQ(told, (std::vector<std::string>{"20ms 1=7", "35ms 2=deleted"}));
}

TEST_F(WiredStoreTest, AReadIsRedundantWhileAnotherOfItsKeyIsUnderWay) {
    for (const int ms : {0, 3, 9}) at(ms, [&] { store.get(Key{1}); });
    at(4, [&] { store.get(Key{2}); });
    at(12, [&] { store.get(Key{1}); });  // The first is back, the others are not.
    at(50, [&] { store.get(Key{1}); });
    runtime->run();
    EXPECT_EQ(store.counts().reads, 6U);
    EXPECT_EQ(store.counts().redundant_reads, 3U);
}

TEST_F(WiredStoreTest, KnowsTheMostReadsOfOneKeyAtOnceSinceItWasAsked) {
    for (const int ms : {0, 3, 9}) at(ms, [&] { store.get(Key{1}); });
    for (const int ms : {0, 3}) at(ms, [&] { store.get(Key{2}); });
    at(50, [&] {
        EXPECT_EQ(store.take_concurrent_reads_max(), 3U);
        EXPECT_EQ(store.take_concurrent_reads_max(), 0U);
        store.get(Key{1});
        EXPECT_EQ(store.take_concurrent_reads_max(), 1U);
    });
    runtime->run();
}

TEST_F(WiredStoreTest, ReadsUnderWayWhenItIsAskedAreAmongThoseOfTheTimeAfter) {
    for (const int ms : {0, 3, 8}) at(ms, [&] { store.get(Key{1}); });  // Each takes 10 ms.
    for (const int ms : {0, 12}) at(ms, [&] { store.get(Key{2}); });
    const std::vector<std::pair<int, std::uint64_t>> asked = {
        {9, 3}, {9, 3}, {11, 3}, {14, 2}, {16, 1}, {20, 1}, {21, 1}, {23, 1}, {24, 0}};
    for (const auto& [ms, most] : asked) {
        at(ms, [&, ms, most] { EXPECT_EQ(store.take_concurrent_reads_max(), most) << ms; });
    }
    runtime->run();
}

TEST_F(WiredStoreTest, AReadThatIsEndedIsNoLongerUnderWay) {
    for (const bool is_killed : {false, true}) {
        at(0, [&, is_killed] {
            const StoreCounts before = store.counts();
            TaskGroup group(*runtime);
            for (int i = 0; i < 2; ++i) group.spawn("reader", [&] { store.get(Key{1}); });
            runtime->sleep_for(milliseconds(3));
            is_killed ? group.kill() : group.cancel();
            EXPECT_EQ(store.take_concurrent_reads_max(), 2U);
            EXPECT_EQ(store.take_concurrent_reads_max(), 0U);
            store.get(Key{1});
            EXPECT_EQ((store.counts() - before).redundant_reads, 1U) << "of the two";
            EXPECT_EQ(store.take_concurrent_reads_max(), 1U);
        });
        runtime->run();
    }
}

TEST_F(WiredStoreTest, AReadThatWasGivenUpIsUnderWayUntilItIsEnded) {
    Wire slow(*runtime, {.latency = latency("40ms"), .timeout = milliseconds(15)}, "wire", 1);
    at(0, [&] {
        WiredStore impatient(far, slow, 10, [](const Stored&) {});
        EXPECT_FALSE(impatient.get(Key{1}));
        EXPECT_EQ(impatient.take_concurrent_reads_max(), 1U);
        EXPECT_FALSE(impatient.get(Key{1}));  // From 15 on; the first is under way until 40.
        EXPECT_EQ(impatient.counts().redundant_reads, 1U);
        EXPECT_EQ(impatient.take_concurrent_reads_max(), 2U);
        runtime->sleep_until(milliseconds(45));
        EXPECT_EQ(impatient.take_concurrent_reads_max(), 2U);
        EXPECT_EQ(impatient.take_concurrent_reads_max(), 1U);
    });  // The second is ended with the store.
    runtime->run();
}

TEST(StoreAccount, CountsExactlyOverThreads) {
    constexpr std::uint64_t tasks = 4, rounds = 5'000;
    const auto runtime = make_thread_runtime();
    const auto far = make_memory_store();
    Wire wire(*runtime, {.latency = latency("0s")}, "wire", 1);
    std::atomic<std::uint64_t> told = 0;
    WiredStore store(*far, wire, 3, [&](const Stored&) { ++told; });
    TaskGroup group(*runtime);
    for (std::uint64_t i = 0; i < tasks; ++i) {
        group.spawn("client", [&] {
            for (std::uint64_t round = 0; round < rounds; ++round) {
                const Key key{round % 3};
                store.get(key);
                store.hold();
                store.put(key, written(1));
                store.tell();
                if (round % 5 == 0) store.erase(key);
            }
        });
    }
    runtime->run();
    const StoreCounts counts = store.counts();
    EXPECT_EQ(counts.reads, tasks * rounds);
    EXPECT_EQ(counts.writes, tasks * rounds);
    EXPECT_EQ(counts.deletes, tasks * rounds / 5);
    EXPECT_EQ(told, tasks * (rounds + rounds / 5));
    EXPECT_LE(store.take_concurrent_reads_max(), tasks);
    EXPECT_EQ(store.take_concurrent_reads_max(), 0U);
}

}  // namespace
}  // namespace stalemark
