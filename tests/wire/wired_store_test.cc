// What the account of a wired store says, in virtual time.

#include "wire/wired_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "stores/memory_store.h"
#include "wire/latencies.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

// A memory store that can be told to be in trouble.
class FragileStore final : public Store {
public:
    Result<std::optional<Value>> get(Key key) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->get(key);
    }
    Result<Version> put(Key key, const Bytes& bytes) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->put(key, bytes);
    }
    Result<Version> erase(Key key) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->erase(key);
    }
    Result<void> write(std::span<const Change> changes) override {
        if (trouble) return std::unexpected(*trouble);
        return store_->write(changes);
    }
    CommitLog* log() override { return store_->log(); }
    void fetch(Key key) override { fetched.push_back(key); }

    std::optional<Trouble> trouble;
    std::vector<Key> fetched;

private:
    std::unique_ptr<Store> store_ = make_memory_store({.keeps_log = true});
};

class WiredStoreTest : public testing::Test {
protected:
    void at(int ms, std::function<void()> play) {
        tasks.spawn("player", [this, ms, play = std::move(play)] {
            runtime->sleep_until(milliseconds(ms));
            play();
        });
    }

    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    FragileStore far;
    std::vector<std::string> told;  // Of each change stored: when, which, what.
    std::vector<Duration> reads_told;
    Wire wire{*runtime, {.latency = latency("10ms")}, "wire", 1};
    WiredStore store{
        far, wire, 10,
        [this](const Change& change) {
            told.push_back(std::to_string(runtime->now() / milliseconds(1)) + "ms " +
                           std::to_string(index_of(change.key)) + "=" +
                           (change.bytes ? std::string(change.bytes->view()) : "deleted"));
        },
        [this](Duration took) { reads_told.push_back(took); }};
};

TEST_F(WiredStoreTest, AnAnswerThatComesTooLateIsNoneAndItsWorkIsDone) {
    Wire slow(*runtime, {.latency = latency("10ms"), .servers = 1, .timeout = milliseconds(15)},
              "wire", 1);
    WiredStore impatient(far, slow, 10, [](const Change&) {});
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
        impatient.settle();
        EXPECT_EQ(runtime->now(), milliseconds(40));
    });
    at(100, [&] { EXPECT_EQ((*impatient.get(Key{1}))->bytes, Bytes("late")); });
    runtime->run();
    EXPECT_EQ(impatient.counts().failed, 3U);
}

TEST_F(WiredStoreTest, HandsEveryCallOn) {
    at(0, [&] {
        EXPECT_EQ(*store.put(Key{1}, Bytes("one")), 1U);
        EXPECT_EQ((*store.get(Key{1}))->bytes, Bytes("one"));
        EXPECT_EQ(*store.erase(Key{1}), 2U);
        EXPECT_FALSE(*store.get(Key{1}));
        const std::vector<Change> batch = {{Key{1}, Bytes("uno")}, {Key{2}, std::nullopt}};
        EXPECT_TRUE(store.write(batch));
        EXPECT_EQ((*store.get(Key{1}))->bytes, Bytes("uno"));
        EXPECT_EQ(runtime->now(), milliseconds(60));
    });
    runtime->run();
}

TEST_F(WiredStoreTest, ARowIsFetchedNearWhenItsReadIsSentUnlessTheReadTakesNoTime) {
    at(0, [&] { store.get(Key{1}); });
    at(1, [&] { EXPECT_EQ(far.fetched, std::vector{Key{1}}); });  // Read at 5.
    runtime->run();
    Wire bare(*runtime, {.latency = latency("0s")}, "wire", 1);
    WiredStore(far, bare, 10, [](const Change&) {}).get(Key{2});
    EXPECT_EQ(far.fetched, std::vector{Key{1}});
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

TEST_F(WiredStoreTest, TellsOfEachChangeAtTheMomentAtWhichTheStoreTakesIt) {
    at(0, [&] { store.put(Key{1}, Bytes("a")); });
    at(20, [&] { store.erase(Key{1}); });
    at(40, [&] {
        const std::vector<Change> batch = {{Key{2}, Bytes("b")}, {Key{3}, std::nullopt}};
        store.write(batch);
    });
    runtime->run();
    EXPECT_EQ(told, (std::vector<std::string>{"5ms 1=a", "25ms 1=deleted", "45ms 2=b",
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

TEST_F(WiredStoreTest, TellsHowLongEachReadTookItsQueueIncluded) {
    Wire narrow(*runtime, {.latency = latency("10ms"), .servers = 1}, "wire", 1);
    WiredStore queued(
        far, narrow, 10, [](const Change&) {},
        [this](Duration took) { reads_told.push_back(took); });
    for (const int ms : {0, 4}) at(ms, [&] { queued.get(Key{1}); });
    runtime->run();
    EXPECT_EQ(reads_told, (std::vector<Duration>{milliseconds(10), milliseconds(16)}));
}

TEST_F(WiredStoreTest, TheLogLiesAtTheFarEndOfTheSameWire) {
    Wire narrow(*runtime, {.latency = latency("10ms"), .servers = 1}, "wire", 1);
    WiredStore queued(far, narrow, 10, [](const Change&) {});
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
    EXPECT_EQ(WiredStore(*without, wire, 10, [](const Change&) {}).log(), nullptr);
}

}  // namespace
}  // namespace stalemark
