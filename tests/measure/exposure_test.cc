// SPDX-License-Identifier: Apache-2.0
// What a crash would lose, against histories whose answer is known.

#include "measure/exposure.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "core/random.h"

namespace stalemark {
namespace {

constexpr Key key{3};

class ExposureTest : public testing::Test {
protected:
    Header begin(std::uint32_t session = 0) { return oracle.begin_write(key, session); }
    void acknowledge(const Header& header, int when = 0) {
        oracle.acknowledge(key, header, false);
        exposure.note_acknowledged(key, header, Instant(when));
    }
    void store(const Header& header, int when = 0) {
        exposure.note_stored(key, header, Instant(when));
    }

    Header begin_delete(std::uint32_t session = 0) {
        const Header header = begin(session);
        oracle.begin_delete(key, header);
        return header;
    }
    void acknowledge_delete(const Header& header) { oracle.acknowledge(key, header, true); }
    void store_delete(int when = 0) { exposure.note_deleted(key, Instant(when)); }

    Oracle oracle{10, 10, 8};
    Exposure exposure{oracle, 10};
};

TEST_F(ExposureTest, AWriteThatIsStoredBeforeItIsAcknowledgedIsNeverExposed) {
    for (int i = 0; i < 10; ++i) {
        const Header header = begin();
        store(header);
        acknowledge(header);
    }
    EXPECT_EQ(exposure.writes_max(), 0U);
    EXPECT_EQ(exposure.age_max(Instant(1'000)), Duration(0));
}

TEST_F(ExposureTest, AQueuedWriteIsExposedUntilItIsStored) {
    const Header header = begin();
    acknowledge(header, 100);
    EXPECT_EQ(exposure.writes_now(), 1U);
    EXPECT_EQ(exposure.age_max(Instant(250)), Duration(150));
    store(header, 400);
    EXPECT_EQ(exposure.writes_now(), 0U);
    EXPECT_EQ(exposure.writes_max(), 1U);
    EXPECT_EQ(exposure.age_max(Instant(9'000)), Duration(300));
}

TEST_F(ExposureTest, WritesToOneKeyAreExposedOneByOne) {
    const Header first = begin();
    acknowledge(first, 100);
    const Header second = begin();
    acknowledge(second, 200);
    EXPECT_EQ(exposure.writes_now(), 2U);
    store(first, 300);
    EXPECT_EQ(exposure.writes_now(), 1U);
    store(second, 400);
    EXPECT_EQ(exposure.writes_now(), 0U);
    EXPECT_EQ(exposure.writes_max(), 2U);
}

TEST_F(ExposureTest, AWriteThatWasCoalescedIntoALaterOneIsSafeWithIt) {
    const Header first = begin();
    acknowledge(first, 100);
    const Header second = begin();
    acknowledge(second, 200);
    store(second, 300);
    EXPECT_EQ(exposure.writes_now(), 0U);
    EXPECT_EQ(exposure.age_max(Instant(300)), Duration(200));
}

TEST_F(ExposureTest, AWriteThatIsAcknowledgedAfterALaterOneWasStoredIsSafe) {
    const Header slow = begin(0);
    const Header later = begin(1);
    store(later);
    acknowledge(later);
    acknowledge(slow);
    EXPECT_EQ(exposure.writes_max(), 0U);
}

// Two writers of one key enter the queue in one order and are acknowledged in the other; only
// one of the two values ever reaches the store.
TEST_F(ExposureTest, TwoWritersThatOvertakeEachOtherLeaveNothingExposedForEver) {
    const Header first = begin(0);
    const Header second = begin(1);
    acknowledge(second, 100);
    EXPECT_EQ(exposure.writes_now(), 1U);
    store(first, 200);
    EXPECT_EQ(exposure.writes_now(), 0U);
    acknowledge(first, 300);
    EXPECT_EQ(exposure.writes_now(), 0U);
}

TEST_F(ExposureTest, AStoredWriteWhoseAcknowledgementIsLateMakesNoEarlierOneSafe) {
    const Header first = begin(0);
    acknowledge(first, 100);
    const Header second = begin(0);
    acknowledge(second, 200);
    store(first, 300);
    EXPECT_EQ(exposure.writes_now(), 1U) << "the second is still in the queue";
}

TEST_F(ExposureTest, AWriteThatADeleteOvertookInTheStoreWasNeverExposed) {
    const Header slow = begin(0);
    store(slow);
    const Header erased = begin_delete(1);
    store_delete();
    acknowledge_delete(erased);
    acknowledge(slow);
    EXPECT_EQ(exposure.writes_max(), 0U);
}

TEST_F(ExposureTest, ADeleteThatIsStoredMakesEarlierWritesSafe) {
    const Header first = begin();
    acknowledge(first, 100);
    const Header erased = begin_delete();
    acknowledge_delete(erased);
    EXPECT_EQ(exposure.writes_now(), 1U);
    store_delete(300);
    EXPECT_EQ(exposure.writes_now(), 0U);
    EXPECT_EQ(exposure.age_max(Instant(300)), Duration(200));
}

TEST_F(ExposureTest, AWriteQueuedBehindADeleteStaysExposedWhenThatIsStored) {
    const Header erased = begin_delete();
    acknowledge_delete(erased);
    const Header later = begin();
    acknowledge(later, 100);
    store_delete(200);
    EXPECT_EQ(exposure.writes_now(), 1U);
    store(later, 300);
    EXPECT_EQ(exposure.writes_now(), 0U);
}

TEST_F(ExposureTest, KeysAreJudgedApart) {
    acknowledge(begin());
    const Header other = oracle.begin_write(Key{4}, 0);
    exposure.note_stored(Key{4}, other, Instant(0));
    EXPECT_EQ(exposure.writes_now(), 1U);
}

TEST_F(ExposureTest, AfterAWarmUpPeaksBeginWithWhatIsExposedThen) {
    const Header first = begin();
    acknowledge(first, 100);
    const Header second = begin();
    acknowledge(second, 110);
    store(first, 500);
    exposure.forget_peaks();
    EXPECT_EQ(exposure.writes_max(), 1U);
    store(second, 600);
    EXPECT_EQ(exposure.writes_max(), 1U);
    EXPECT_EQ(exposure.age_max(Instant(600)), Duration(490));
    exposure.forget_peaks();
    EXPECT_EQ(exposure.writes_max(), 0U);
    EXPECT_EQ(exposure.age_max(Instant(600)), Duration(0));
}

// Writers and deleters of few keys, each of whom waits for the store. What it has taken is told
// at once, or later and so in another order.
TEST_F(ExposureTest, ThreadsThatStoreBeforeTheyAcknowledgeExposeNothing) {
    std::array<std::mutex, 3> rows;
    const auto play = [&](std::uint32_t session, bool is_told_at_once) {
        Random random = Random::named(1, "writer", session);
        for (int i = 0; i < 20'000; ++i) {
            const Key at{random.below(rows.size())};
            const bool is_delete = random.below(4) == 0;
            const Header header = oracle.begin_write(at, session);
            if (is_delete) oracle.begin_delete(at, header);
            {
                std::unique_lock row(rows[index_of(at)]);
                if (!is_told_at_once) row.unlock();
                if (random.below(8) == 0) std::this_thread::yield();
                if (is_delete) {
                    exposure.note_deleted(at, Instant(i));
                } else {
                    exposure.note_stored(at, header, Instant(i));
                }
            }
            if (random.below(8) == 0) std::this_thread::yield();
            oracle.acknowledge(at, header, is_delete);
            if (!is_delete) exposure.note_acknowledged(at, header, Instant(i));
        }
    };
    for (const bool is_told_at_once : {true, false}) {
        std::vector<std::thread> threads;
        for (std::uint32_t i = 0; i < 8; ++i) threads.emplace_back(play, i, is_told_at_once);
        for (std::thread& thread : threads) thread.join();
        EXPECT_EQ(exposure.writes_max(), 0U);
    }
}

// The store takes each write at the very moment at which it is acknowledged.
TEST_F(ExposureTest, AStoreThatIsAsFastAsTheAcknowledgementLeavesNothingExposed) {
    constexpr int writes = 50'000;
    std::vector<Header> queue(writes);
    std::atomic<int> queued = 0;
    std::atomic<int> stored = 0;
    std::thread storer([&] {
        for (int i = 0; i < writes; ++i) {
            while (queued <= i) std::this_thread::yield();
            store(queue[static_cast<std::size_t>(i)]);
            stored = i + 1;
        }
    });
    int left = 0;
    for (int i = 0; i < writes; ++i) {
        const Header header = queue[static_cast<std::size_t>(i)] = begin();
        oracle.acknowledge(key, header, false);
        queued = i + 1;
        exposure.note_acknowledged(key, header, Instant(0));
        while (stored <= i) std::this_thread::yield();
        left += exposure.writes_now() != 0;
    }
    storer.join();
    EXPECT_EQ(left, 0);
}

}  // namespace
}  // namespace stalemark
