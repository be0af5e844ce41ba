// SPDX-License-Identifier: Apache-2.0
// How long every cache of the catalogue keeps an entry, and what it then says of it.

#include <gtest/gtest.h>

#include "caches/each_cache.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

using CacheLife = EachCache;

TEST_P(CacheLife, AnEntryIsServedUntilItsTimeAndNotAtIt) {
    clock_.advance(1s);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one"), 5s));
    EXPECT_EQ(cache_->get(Key{1})->expires, 6s);
    clock_.advance(5s - 1ns);
    EXPECT_TRUE(cache_->get(Key{1}));
    clock_.advance(1ns);
    EXPECT_FALSE(cache_->get(Key{1}));
    EXPECT_EQ(cache_->counts().expirations, 1U);
    EXPECT_EQ(cache_->use().entries, 0U);
}

TEST_P(CacheLife, ATtlBeyondTheEndOfTimeNeverExpires) {
    clock_.advance(1s);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one"), Duration::max() - 1ns));
    EXPECT_EQ(cache_->get(Key{1})->expires, never);
}

TEST_P(CacheLife, TheClockIsReadOnlyWhereSomethingCanExpire) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("one"), for_ever));
    ASSERT_TRUE(cache_->get(Key{1}));
    EXPECT_EQ(clock_.readings(), 0);
    ASSERT_TRUE(cache_->put(Key{2}, row_of("two"), 1s));
    EXPECT_EQ(clock_.readings(), 1);
    ASSERT_TRUE(cache_->get(Key{2}));
    EXPECT_EQ(clock_.readings(), 2);
}

TEST_P(CacheLife, ExpiredEntriesCountOnceWhoeverFindsThem) {
    for (const Key key : {Key{1}, Key{2}, Key{3}, Key{4}}) {
        ASSERT_TRUE(cache_->put(key, row_of("old"), 1s));
    }
    const auto stamp = cache_->get(Key{4})->stamp;
    clock_.advance(2s);
    EXPECT_FALSE(cache_->get(Key{1}));
    ASSERT_TRUE(cache_->put(Key{2}, row_of("new"), for_ever));
    ASSERT_TRUE(cache_->erase(Key{3}));
    EXPECT_EQ(cache_->put(Key{4}, row_of("new"), for_ever, Condition::unchanged(stamp)),
              no_stamp);
    EXPECT_EQ(cache_->counts().expirations, 4U);
    EXPECT_EQ(cache_->use().entries, 1U);
}

TEST_P(CacheLife, AnEntryIsHandedOutAsStaleWhileItsGraceLasts) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("kept"), Life{.ttl = 5s, .grace = 2s}));
    EXPECT_FALSE(cache_->get(Key{1})->is_stale);
    clock_.advance(5s);
    ASSERT_TRUE(cache_->get(Key{1}));
    EXPECT_TRUE(cache_->get(Key{1})->is_stale);
    EXPECT_EQ(cache_->get(Key{1})->expires, 5s);
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("kept"));
    EXPECT_EQ(cache_->counts().hits, 1U);
    EXPECT_EQ(cache_->counts().stale_hits, 4U);
    EXPECT_EQ(cache_->counts().expirations, 0U);
    clock_.advance(2s);
    EXPECT_EQ(cache_->get(Key{1}).error(), Miss::absent);
    EXPECT_EQ(cache_->counts().expirations, 1U);
}

TEST_P(CacheLife, AnEntryKeepsTheTimeOfItsLoadUntilALaterLoadIsTimed) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("loaded"), Life{.load_time = 3s}));
    EXPECT_EQ(cache_->get(Key{1})->load_time, 3s);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("written"), for_ever));
    EXPECT_EQ(cache_->get(Key{1})->load_time, 3s);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("loaded again"), Life{.load_time = 1s}));
    EXPECT_EQ(cache_->get(Key{1})->load_time, 1s);
    ASSERT_TRUE(cache_->erase(Key{1}));
    ASSERT_TRUE(cache_->put(Key{1}, row_of("written"), for_ever));
    EXPECT_EQ(cache_->get(Key{1})->load_time, 0s);
}

TEST_P(CacheLife, AnEntrysSlackRunsFromTheBeginningOfItsOwnLoadUntilItIsPut) {
    clock_.advance(10s);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("loaded"), Life{.ttl = 5s, .load_began = 8s}));
    clock_.advance(1s);
    EXPECT_EQ(cache_->get(Key{1})->slack, 2s);
    const std::uint64_t stamp = cache_->get(Key{1})->stamp;
    ASSERT_NE(cache_->put(Key{1}, row_of("reloaded"), Life{.ttl = 5s, .load_began = 11s},
                          Condition::unchanged(stamp)),
              no_stamp);
    EXPECT_EQ(cache_->get(Key{1})->slack, 0s);
    ASSERT_TRUE(cache_->put(Key{1}, Row(), Life{.ttl = 5s, .load_began = 10s}));
    EXPECT_EQ(cache_->get(Key{1})->slack, 1s);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("written"), 5s));
    EXPECT_EQ(cache_->get(Key{1})->slack, 0s);
}

INSTANTIATE_TEST_SUITE_P(All, CacheLife, testing::ValuesIn(all_caches()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace stalemark
