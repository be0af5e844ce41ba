// SPDX-License-Identifier: Apache-2.0
// What every cache of the catalogue promises.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "caches/each_cache.h"
#include "core/random.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

using CacheContract = EachCache;

TEST_P(CacheContract, AnEmptyCacheHasNothing) {
    EXPECT_EQ(cache_->get(Key{1}), std::unexpected(Miss::absent));
    EXPECT_EQ(cache_->use().entries, 0U);
    EXPECT_EQ(cache_->use().bytes, 0U);
}

TEST_P(CacheContract, WhatWasPutIsGotWithItsVersion) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one", 7), for_ever));
    const auto got = cache_->get(Key{1});
    ASSERT_TRUE(got);
    EXPECT_EQ(got->row, row_of("one", 7));
    EXPECT_EQ(got->expires, never);
}

TEST_P(CacheContract, TheNewestPutWins) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("old"), for_ever));
    ASSERT_TRUE(cache_->put(Key{1}, row_of("new"), for_ever));
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("new"));
    EXPECT_EQ(cache_->use().entries, 1U);
}

TEST_P(CacheContract, ErasedIsAbsentAndItsRoomIsFree) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one"), for_ever));
    ASSERT_TRUE(cache_->erase(Key{1}));
    EXPECT_EQ(cache_->get(Key{1}), std::unexpected(Miss::absent));
    EXPECT_EQ(cache_->use().bytes, 0U);
    EXPECT_TRUE(cache_->erase(Key{1}));
}

TEST_P(CacheContract, ANegativeEntryIsAHitWithoutValue) {
    ASSERT_TRUE(cache_->put(Key{1}, Row(), for_ever));
    const auto got = cache_->get(Key{1});
    ASSERT_TRUE(got);
    EXPECT_EQ(got->row, Row());
    EXPECT_EQ(cache_->counts().hits, 1U);
}

TEST_P(CacheContract, NoTwoPutsShareAToken) {
    std::set<std::uint64_t> tokens = {0};
    for (std::uint64_t round = 0; round < 3; ++round) {
        for (std::uint64_t key = 0; key < 500; ++key) {
            const auto stamp = cache_->put(Key{key}, row_of("value"), for_ever);
            EXPECT_EQ(stamp, cache_->get(Key{key})->stamp);
            EXPECT_TRUE(tokens.insert(*stamp).second);
        }
    }
}

TEST_P(CacheContract, ReplacePutsOnlyOverTheEntryThatItsTokenNames) {
    EXPECT_EQ(cache_->put(Key{1}, row_of("none"), for_ever, Condition::unchanged(12'345)),
              no_stamp);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("first"), for_ever));
    const auto stamp = cache_->get(Key{1})->stamp;
    EXPECT_NE(cache_->put(Key{1}, row_of("second"), 9s, Condition::unchanged(stamp)), no_stamp);
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("second"));
    EXPECT_EQ(cache_->get(Key{1})->expires, 9s);

    EXPECT_EQ(cache_->put(Key{1}, row_of("third"), for_ever, Condition::unchanged(stamp)),
              no_stamp);
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("second"));
    EXPECT_EQ(cache_->counts().fills, 2U);
    EXPECT_EQ(cache_->counts().fills_refused, 2U);

    ASSERT_TRUE(cache_->erase(Key{1}));
    EXPECT_EQ(cache_->put(Key{1}, row_of("fourth"), for_ever, Condition::unchanged(stamp)),
              no_stamp);
    EXPECT_FALSE(cache_->get(Key{1}));
}

TEST_P(CacheContract, ReplaceOfNoEntryPutsOnlyWhereNoneIs) {
    EXPECT_NE(cache_->put(Key{1}, row_of("first"), 9s, Condition::absent()), no_stamp);
    EXPECT_EQ(cache_->put(Key{1}, row_of("second"), 9s, Condition::absent()), no_stamp);
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("first"));
    clock_.advance(9s);
    EXPECT_NE(cache_->put(Key{1}, row_of("third"), 9s, Condition::absent()), no_stamp);
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("third"));
}

TEST_P(CacheContract, PeekFindsWhatGetWouldAndLeavesNoTrace) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("kept"), Life{.ttl = 5s, .grace = 2s}));
    const CacheCounts before = cache_->counts();
    EXPECT_FALSE(cache_->peek(Key{2}, 0s));
    EXPECT_FALSE(cache_->peek(Key{1}, 4s)->is_stale);
    EXPECT_TRUE(cache_->peek(Key{1}, 6s)->is_stale);
    EXPECT_EQ(cache_->peek(Key{1}, 6s)->row, row_of("kept"));
    EXPECT_FALSE(cache_->peek(Key{1}, 7s));
    EXPECT_EQ(cache_->counts().gets, before.gets);
    EXPECT_EQ(cache_->counts().expirations, before.expirations);
}

TEST_P(CacheContract, TheCapacityIsFilledAndNeverExceeded) {
    cache_ = make(20'000);
    Random random(1);
    std::uint64_t most = 0;
    for (int i = 0; i < 5'000; ++i) {
        const std::string text(random.below(400), 'x');
        ASSERT_TRUE(cache_->put(Key{random.below(1'000)}, row_of(text), for_ever));
        most = std::max(most, cache_->use().bytes);
    }
    EXPECT_EQ(cache_->use().capacity_bytes, 20'000U);
    EXPECT_LE(most, 20'000U);
    EXPECT_GT(most, 15'000U);
    EXPECT_GT(cache_->counts().evictions, 1'000U);
}

TEST_P(CacheContract, AnEntryLargerThanTheCacheIsRefusedAndTheOldOneIsDropped) {
    cache_ = make(10'000);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("small"), for_ever));
    ASSERT_TRUE(cache_->put(Key{2}, row_of("bystander"), for_ever));
    EXPECT_EQ(cache_->put(Key{1}, row_of(std::string(10'000, 'x')), for_ever), no_stamp);
    EXPECT_FALSE(cache_->get(Key{1}));
    EXPECT_TRUE(cache_->get(Key{2}));
    EXPECT_EQ(cache_->counts().fills_refused, 1U);
}

TEST_P(CacheContract, WhatIsEvictedIsGoneAsForWantOfRoom) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("evicted"), for_ever));
    ASSERT_TRUE(cache_->put(Key{2}, row_of("bystander"), for_ever));
    ASSERT_TRUE(cache_->erase(Key{3}, Condition::always(), {.version = 7, .ttl = 5s}));
    for (const std::uint64_t key : {1U, 3U, 4U}) cache_->evict(Key{key});
    EXPECT_FALSE(cache_->get(Key{1}));
    EXPECT_TRUE(cache_->get(Key{2}));
    EXPECT_EQ(cache_->counts().evictions, 1U);  // A tombstone is no entry.
    EXPECT_EQ(cache_->use().entries, 1U);
}

TEST_P(CacheContract, WithoutABoundNothingIsEvicted) {
    cache_ = make(0);
    for (std::uint64_t key = 0; key < 20'000; ++key) {
        ASSERT_TRUE(cache_->put(Key{key}, row_of("value"), for_ever));
    }
    EXPECT_EQ(cache_->use().entries, 20'000U);
    EXPECT_EQ(cache_->use().capacity_bytes, 0U);
    EXPECT_EQ(cache_->counts().evictions, 0U);
}

TEST_P(CacheContract, ClearDropsEverythingAndAnswersHowMuch) {
    for (std::uint64_t i = 0; i < 100; ++i) {
        ASSERT_TRUE(cache_->put(Key{i}, row_of("old"), i < 40 ? 5s : for_ever));
    }
    const std::uint64_t old_stamp = cache_->get(Key{50})->stamp;
    clock_.advance(9s);
    EXPECT_EQ(cache_->clear(), 100U);
    EXPECT_EQ(cache_->use().entries, 0U);
    EXPECT_EQ(cache_->use().bytes, 0U);
    EXPECT_EQ(cache_->counts().evictions, 0U);
    EXPECT_EQ(cache_->counts().expirations, 0U);
    for (std::uint64_t i = 0; i < 100; ++i) {
        EXPECT_EQ(cache_->get(Key{i}), std::unexpected(Miss::absent));
        ASSERT_TRUE(cache_->put(Key{i}, row_of("new"), for_ever));
        EXPECT_EQ(cache_->get(Key{i})->row, row_of("new"));
    }
    EXPECT_EQ(cache_->put(Key{50}, row_of("late"), for_ever, Condition::unchanged(old_stamp)),
              no_stamp);
    EXPECT_EQ(cache_->clear(), 100U);
    EXPECT_EQ(cache_->clear(), 0U);
}

TEST_P(CacheContract, VisitShowsWhatWouldBeServedThenAndTouchesNothing) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one"), 1s));
    ASSERT_TRUE(cache_->put(Key{2}, Row(), 3s));
    ASSERT_TRUE(cache_->put(Key{3}, row_of("three"), for_ever));
    const auto keys_at = [&](Instant at) {
        std::set<std::uint64_t> keys;
        cache_->visit(at, [&](Key key, const Cached&) { keys.insert(index_of(key)); });
        return keys;
    };
    const CacheCounts before = cache_->counts();
    EXPECT_THAT(keys_at(0s), testing::ElementsAre(1, 2, 3));
    EXPECT_THAT(keys_at(1s), testing::ElementsAre(2, 3));
    EXPECT_THAT(keys_at(never - 1ns), testing::ElementsAre(3));
    EXPECT_EQ((cache_->counts() - before).gets, 0U);
    EXPECT_EQ(cache_->use().entries, 3U);
}

TEST_P(CacheContract, AVisitorMayCallTheCache) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one"), for_ever));
    cache_->visit(0s, [&](Key key, const Cached&) { EXPECT_TRUE(cache_->erase(key)); });
    EXPECT_FALSE(cache_->get(Key{1}));
}

TEST_P(CacheContract, ItAnswersLikeAMapAsLongAsThereIsRoom) {
    std::map<std::uint64_t, std::string> model;
    Random random(2);
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t key = random.below(300);
        const auto got = cache_->get(Key{key});
        const auto expected = model.find(key);
        ASSERT_EQ(got.has_value(), expected != model.end());
        if (got) {
            ASSERT_EQ(got->row.bytes->view(), expected->second);
        }
        if (random.below(2) == 0) {
            ASSERT_TRUE(cache_->erase(Key{key}));
            model.erase(key);
        } else {
            model[key] = std::to_string(i);
            ASSERT_TRUE(cache_->put(Key{key}, row_of(model[key]), for_ever));
        }
    }
    EXPECT_EQ(cache_->use().entries, model.size());
    EXPECT_EQ(cache_->counts().gets, 20'000U);
    EXPECT_EQ(cache_->counts().fills + cache_->counts().erases, 20'000U);
}

// Every value says its key, so that a mixed-up entry shows.
TEST_P(CacheContract, ThreadsMayHammerIt) {
    cache_ = make(50'000);
    constexpr std::uint64_t rounds = 5'000;
    std::atomic<std::uint64_t> gets = 0;
    std::atomic<std::uint64_t> hits = 0;
    const auto hammer = [&](std::uint64_t seed) {
        Random random(seed);
        for (std::uint64_t i = 0; i < rounds; ++i) {
            const std::uint64_t number = random.below(1'000);
            const Key key{number};
            const auto got = cache_->get(key);
            ++gets;
            if (got) {
                ++hits;
                EXPECT_EQ(got->row.bytes->view().substr(0, 4), std::to_string(1'000 + number));
            }
            const Row row = row_of(std::to_string(1'000 + number) + std::string(200, '.'));
            const Duration ttl = random.below(2) == 0 ? for_ever : Duration(100);
            switch (random.below(4)) {
                case 0:
                    EXPECT_TRUE(cache_->erase(key));
                    break;
                case 1:
                    EXPECT_TRUE(
                        cache_->put(key, row, ttl, Condition::unchanged(got ? got->stamp : 1)));
                    break;
                default:
                    EXPECT_TRUE(cache_->put(key, row, ttl));
            }
            clock_.advance(1ns);
            if (i % 1'000 == 0) cache_->visit(0s, [](Key, const Cached&) {});
            EXPECT_LE(cache_->use().bytes, 50'000U);
        }
    };
    std::vector<std::thread> threads;
    for (std::uint64_t seed = 0; seed < 4; ++seed) threads.emplace_back(hammer, seed);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(cache_->counts().gets, gets);
    EXPECT_EQ(cache_->counts().hits, hits);
    EXPECT_GT(cache_->counts().evictions, 0U);
}

INSTANTIATE_TEST_SUITE_P(All, CacheContract, testing::ValuesIn(all_caches()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace stalemark
