// SPDX-License-Identifier: Apache-2.0
// Conditions asked of a near cache before a shared one: which of the two answers.

#include <gtest/gtest.h>

#include <string>

#include "caches/catalog.h"
#include "caches/down_cache.h"
#include "caches/layered_cache.h"
#include "caches/manual_clock.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Key key{7};
constexpr Duration for_ever = Duration::max();

Row row(Version version) { return {.bytes = Bytes("row"), .version = version}; }

class LayeredConditions : public testing::Test {
protected:
    std::unique_ptr<LocalCache> make_lru() { return find_cache("lru").make({}, clock); }
    Version held(LocalCache& cache) {
        const auto kept = cache.peek(key, clock.now());
        return kept ? kept->row.version : 0;
    }
    Stamp ask_for_lease(LayeredCache& through) {
        return through.get(key, {.lease = 5s}).error().lease;
    }

    ManualClock clock;
    std::unique_ptr<LocalCache> near = make_lru();
    std::unique_ptr<LocalCache> other_near = make_lru();
    std::unique_ptr<LocalCache> shared = make_lru();
    LayeredCache layers{*near, *shared, clock, {}};
    LayeredCache other_layers{*other_near, *shared, clock, {}};
};

TEST_F(LayeredConditions, LeasesAreTheSharedCaches) {
    const Stamp lease = ask_for_lease(layers);
    EXPECT_NE(lease, no_stamp);
    EXPECT_EQ(ask_for_lease(other_layers), no_stamp);
    EXPECT_NE(layers.put(key, row(1), for_ever, Condition::leased(lease)), no_stamp);
    EXPECT_EQ(held(*near), 1U);
    EXPECT_EQ(held(*shared), 1U);
}

TEST_F(LayeredConditions, APutWithAVoidLeaseIsMadeNowhere) {
    const Stamp lease = ask_for_lease(layers);
    ASSERT_TRUE(other_layers.erase(key, Condition::always(), {.voids_lease = true}));
    EXPECT_EQ(layers.put(key, row(1), for_ever, Condition::leased(lease)), no_stamp);
    EXPECT_EQ(held(*near), 0U);
    EXPECT_EQ(held(*shared), 0U);
}

TEST_F(LayeredConditions, WhatTheSharedCacheHasNewerIsNotKeptNearEither) {
    ASSERT_TRUE(shared->put(key, row(6), for_ever));
    EXPECT_EQ(layers.put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
    EXPECT_EQ(held(*near), 0U);
    EXPECT_EQ(held(*shared), 6U);
    EXPECT_NE(layers.put(key, row(7), for_ever, Condition::newer(7)), no_stamp);
    EXPECT_EQ(held(*near), 7U);
    EXPECT_EQ(held(*shared), 7U);
}

TEST_F(LayeredConditions, AnEraseAsksEachLayerForItsOwnVersion) {
    ASSERT_TRUE(near->put(key, row(4), for_ever));
    ASSERT_TRUE(shared->put(key, row(6), for_ever));
    EXPECT_EQ(layers.erase(key, Condition::newer(5), {}), false);
    EXPECT_EQ(held(*near), 0U);
    EXPECT_EQ(held(*shared), 6U);
    EXPECT_EQ(layers.erase(key, Condition::newer(7), {}), true);
    EXPECT_EQ(held(*shared), 0U);
}

TEST_F(LayeredConditions, ATombstoneIsLeftInBoth) {
    ASSERT_TRUE(layers.erase(key, Condition::always(), {.version = 6}));
    EXPECT_EQ(near->put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
    EXPECT_EQ(shared->put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
}

TEST_F(LayeredConditions, AnEraseOfTheEntryThatWasGotDropsTheSharedOne) {
    const Stamp stamp = *layers.put(key, row(1), for_ever);
    ASSERT_TRUE(shared->put(key, row(2), for_ever));
    EXPECT_EQ(layers.erase(key, Condition::unchanged(stamp + 1), {}), false);
    EXPECT_EQ(held(*shared), 2U);
    EXPECT_EQ(layers.erase(key, Condition::unchanged(stamp), {}), true);
    EXPECT_EQ(held(*near), 0U);
    EXPECT_EQ(held(*shared), 0U);
}

TEST_F(LayeredConditions, WhatIsNewerNearStaysThere) {
    ASSERT_TRUE(near->put(key, row(6), for_ever));
    ASSERT_TRUE(shared->put(key, row(4), for_ever));
    EXPECT_EQ(layers.put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
    EXPECT_EQ(held(*near), 6U);
    EXPECT_EQ(held(*shared), 5U);
}

TEST_F(LayeredConditions, ATombstoneNearRefusesWhatTheSharedCacheHasForgotten) {
    ASSERT_TRUE(layers.erase(key, Condition::always(), {.version = 10}));
    shared->clear();
    EXPECT_EQ(layers.put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
    EXPECT_EQ(held(*near), 0U);
}

TEST_F(LayeredConditions, AnOlderCopyNearGoesWhenTheSharedCacheHasSomethingNewer) {
    ASSERT_TRUE(near->put(key, row(4), for_ever));
    ASSERT_TRUE(shared->put(key, row(6), for_ever));
    EXPECT_EQ(layers.put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
    EXPECT_EQ(held(*near), 0U);
}

TEST_F(LayeredConditions, AbsentIsAskedOfTheSharedCache) {
    ASSERT_TRUE(shared->put(key, row(6), for_ever));
    EXPECT_EQ(layers.put(key, row(5), for_ever, Condition::absent()), no_stamp);
    EXPECT_EQ(held(*shared), 6U);
    EXPECT_EQ(held(*near), 0U);
    ASSERT_TRUE(shared->erase(key));
    EXPECT_NE(layers.put(key, row(5), for_ever, Condition::absent()), no_stamp);
    EXPECT_EQ(held(*shared), 5U);
    EXPECT_EQ(held(*near), 5U);
}

TEST_F(LayeredConditions, NoLeaseIsHandedOutToAReaderThatHasAnAnswer) {
    ASSERT_TRUE(near->put(key, row(1), Life{.ttl = 1s, .grace = 9s}));
    clock.advance(2s);
    EXPECT_TRUE(layers.get(key, {.lease = 5s})->is_stale);
    EXPECT_NE(ask_for_lease(other_layers), no_stamp);
}

TEST_F(LayeredConditions, NoNearCopyStaysThatIsAsOldAsWhatTheSharedCacheRefuses) {
    ASSERT_TRUE(near->put(key, row(5), for_ever));
    ASSERT_TRUE(shared->put(key, row(6), for_ever));
    EXPECT_EQ(layers.put(key, row(5), for_ever, Condition::newer(5)), no_stamp);
    EXPECT_EQ(held(*near), 0U);
    EXPECT_EQ(held(*shared), 6U);
}

TEST_F(LayeredConditions, AnEntryThatHasNoRoomNearCannotBeReloaded) {
    const auto small = find_cache("lru").make({.capacity_bytes = 300}, clock);
    LayeredCache through(*small, *shared, clock, {});
    const Row large{.bytes = Bytes(std::string(5'000, 'x')), .version = 1};
    ASSERT_TRUE(shared->put(key, large, for_ever));
    const Stamp stamp = through.get(key)->stamp;
    EXPECT_EQ(stamp, unnamed);
    ASSERT_TRUE(shared->erase(key));  // By a writer, while the reload is under way.
    EXPECT_EQ(through.put(key, large, for_ever, Condition::unchanged(stamp)), no_stamp);
    EXPECT_EQ(held(*shared), 0U);
    ASSERT_TRUE(shared->put(key, row(2), for_ever));
    EXPECT_EQ(through.erase(key, Condition::unchanged(stamp), {}), false);
    EXPECT_EQ(held(*shared), 2U);
}

TEST_F(LayeredConditions, AnEntryWhoseNearCopyHasGoneIsNotReloaded) {
    ASSERT_TRUE(shared->put(key, row(1), for_ever));
    const Stamp stamp = layers.get(key)->stamp;
    ASSERT_TRUE(near->erase(key));
    EXPECT_EQ(layers.put(key, row(2), for_ever, Condition::unchanged(stamp)), no_stamp);
    EXPECT_EQ(layers.erase(key, Condition::unchanged(stamp), {}), false);
    EXPECT_EQ(held(*shared), 1U);
}

TEST_F(LayeredConditions, WhileTheSharedCacheIsDownTheNearOneGoesByItsOwn) {
    DownCache down;
    LayeredCache alone(*near, down, clock, {});
    ASSERT_TRUE(near->put(key, row(4), for_ever));
    EXPECT_FALSE(alone.put(key, row(5), for_ever, Condition::newer(5)));
    EXPECT_EQ(held(*near), 5U);
    EXPECT_FALSE(alone.put(key, row(4), for_ever, Condition::newer(4)));
    EXPECT_EQ(held(*near), 5U);
    EXPECT_FALSE(alone.put(key, row(6), for_ever, Condition::leased(3)));
    EXPECT_EQ(held(*near), 5U);  // Nobody can say that the lease is valid.
}

TEST_F(LayeredConditions, AnEraseWithAVoidLeaseErasesNothing) {
    ASSERT_TRUE(layers.put(key, row(1), for_ever));
    EXPECT_EQ(layers.erase(key, Condition::leased(77), {}), false);
    EXPECT_EQ(held(*near), 1U);
    EXPECT_EQ(held(*shared), 1U);
}

}  // namespace
}  // namespace stalemark
