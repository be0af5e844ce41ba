// SPDX-License-Identifier: Apache-2.0
// Reads under way, against a count that is kept under a lock.

#include "wire/reads_under_way.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/random.h"

namespace stalemark {
namespace {

TEST(ReadsUnderWay, AgreesWithAPlainCountAtEveryStep) {
    constexpr std::uint64_t keys = 4;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        ReadsUnderWay reads(keys);
        std::array<std::uint32_t, keys> count{};
        std::vector<std::pair<Key, ReadsUnderWay::Begun>> under_way;
        std::uint32_t most = 0;
        const std::uint64_t beginnings = 3 + seed % 3;  // Of ten steps.
        for (int step = 0; step < 5'000; ++step) {
            if (random.below(20) == 0) {
                EXPECT_EQ(reads.take_most([&] { return !under_way.empty(); }), most);
                most = *std::ranges::max_element(count);
            } else if (under_way.empty() || random.below(10) < beginnings) {
                const Key key{random.below(keys)};
                under_way.emplace_back(key, reads.begin(key));
                EXPECT_EQ(under_way.back().second.others, count[index_of(key)]);
                most = std::max(most, ++count[index_of(key)]);
            } else {
                std::swap(under_way[random.below(under_way.size())], under_way.back());
                reads.end(under_way.back().first, under_way.back().second);
                --count[index_of(under_way.back().first)];
                under_way.pop_back();
            }
        }
    }
}

TEST(ReadsUnderWay, IsNotMisledByReadsThatComeAndGoBetweenItsTwoSteps) {
    constexpr Key key{0};
    const auto none = [] { return false; };
    ReadsUnderWay reads(1);
    const std::uint32_t ended = reads.ended(key);
    for (int i = 0; i < 3; ++i) reads.end(key, reads.begin(key));
    EXPECT_EQ(reads.take_most(none), 1U);

    const ReadsUnderWay::Begun late = reads.begin(key, ended);
    EXPECT_EQ(late.others, 0U) << "the three have gone";
    const ReadsUnderWay::Begun next = reads.begin(key);
    EXPECT_EQ(next.others, 1U);
    reads.end(key, late);
    EXPECT_EQ(reads.begin(key).others, 1U);
    EXPECT_EQ(reads.take_most(none), 2U);
}

// A count under a lock, of which it remembers the most.
class LockedCount {
public:
    void begin() {
        const std::lock_guard lock(guard_);
        most_ = std::max(most_, ++now_);
    }
    void end() {
        const std::lock_guard lock(guard_);
        --now_;
    }
    std::uint32_t most() const { return most_; }

private:
    std::mutex guard_;
    std::uint32_t now_ = 0;
    std::uint32_t most_ = 0;
};

// A read is counted within as soon as it has begun and until it begins to end; and without from
// before it begins until it has ended. The truth lies between.
TEST(ReadsUnderWay, LiesBetweenTwoCountsUnderLocksOverThreads) {
    for (const std::uint32_t threads : {2U, 3U, 8U}) {
        ReadsUnderWay reads(1);
        LockedCount within, without;
        const auto play = [&](std::uint32_t number) {
            Random random = Random::named(1, "reader", number);
            for (int i = 0; i < 20'000; ++i) {
                without.begin();
                const ReadsUnderWay::Begun read = reads.begin(Key{0});
                within.begin();
                if (random.below(16) == 0) std::this_thread::yield();
                within.end();
                reads.end(Key{0}, read);
                without.end();
            }
        };
        std::vector<std::thread> players;
        for (std::uint32_t i = 0; i < threads; ++i) players.emplace_back(play, i);
        for (std::thread& player : players) player.join();
        const std::uint32_t most = reads.take_most([] { return false; });
        EXPECT_GE(most, within.most());
        EXPECT_LE(most, without.most());
        EXPECT_LE(most, threads);
        EXPECT_EQ(reads.take_most([] { return false; }), 0U) << "all have ended";
        EXPECT_EQ(reads.begin(Key{0}).others, 0U);
    }
}

// Threads that do nothing but begin and end meet within the steps of begin().
TEST(ReadsUnderWay, CountsNeverMoreReadsThanThereAreThreads) {
    constexpr std::uint32_t threads = 4;
    ReadsUnderWay reads(2);
    std::atomic<std::uint32_t> too_many = 0;
    const auto play = [&] {
        for (std::uint64_t i = 0; i < 2'000'000; ++i) {
            const Key key{i % 64 == 0 ? 1U : 0U};
            const ReadsUnderWay::Begun read = reads.begin(key);
            if (read.others >= threads) ++too_many;
            reads.end(key, read);
        }
    };
    std::vector<std::thread> players;
    for (std::uint32_t i = 0; i < threads; ++i) players.emplace_back(play);
    std::uint32_t most = 0;
    for (int i = 0; i < 1'000; ++i) {
        most = std::max(most, reads.take_most([] { return true; }));
    }
    for (std::thread& player : players) player.join();
    EXPECT_LE(most, threads);
    EXPECT_LE(reads.take_most([] { return false; }), threads);
    EXPECT_EQ(too_many, 0U);
    for (const Key key : {Key{0}, Key{1}}) EXPECT_EQ(reads.begin(key).others, 0U);
}

}  // namespace
}  // namespace stalemark
