// SPDX-License-Identifier: Apache-2.0
// What a put or an erase may ask of the entry, and what an erase may leave: of every cache.

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "caches/each_cache.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Key key{1};

class Conditions : public EachCache {
protected:
    bool puts(Version version, const Condition& condition, Duration ttl = for_ever) {
        return *cache_->put(key, row_of("put", version), ttl, condition) != no_stamp;
    }
    bool erases(const Condition& condition, const Remains& remains = {}) {
        return *cache_->erase(key, condition, remains);
    }
    void leave_tombstone(Version version, Duration ttl = for_ever) {
        ASSERT_TRUE(erases(Condition::always(), {.version = version, .ttl = ttl}));
    }
    bool has_entry() { return cache_->get(key).has_value(); }
    Stamp ask_for_lease(Duration ttl = 5s) {
        const auto got = cache_->get(key, {.lease = ttl});
        return got ? no_stamp : got.error().lease;
    }
};

TEST_P(Conditions, AbsentHoldsWhereNeitherEntryNorTombstoneIs) {
    EXPECT_TRUE(puts(1, Condition::absent(), 5s));
    EXPECT_FALSE(puts(2, Condition::absent()));
    EXPECT_FALSE(erases(Condition::absent()));
    EXPECT_TRUE(has_entry());
    clock_.advance(5s);
    EXPECT_TRUE(erases(Condition::absent()));
    leave_tombstone(3, 5s);
    EXPECT_FALSE(puts(4, Condition::absent()));
    clock_.advance(5s);
    EXPECT_TRUE(puts(4, Condition::absent()));
}

TEST_P(Conditions, UnchangedHoldsForTheEntryOfTheStampAlone) {
    const Stamp stamp = *cache_->put(key, row_of("one"), 5s);
    EXPECT_FALSE(erases(Condition::unchanged(stamp + 1)));
    EXPECT_TRUE(has_entry());
    EXPECT_TRUE(erases(Condition::unchanged(stamp)));
    EXPECT_FALSE(has_entry());
    EXPECT_FALSE(puts(2, Condition::unchanged(stamp)));

    const Stamp short_lived = *cache_->put(key, row_of("two"), 5s);
    clock_.advance(5s);
    EXPECT_FALSE(puts(3, Condition::unchanged(short_lived)));
}

TEST_P(Conditions, APutOfAnOlderVersionIsRefusedAndOneOfTheSameIsNot) {
    ASSERT_TRUE(puts(6, Condition::newer(6)));
    EXPECT_FALSE(puts(5, Condition::newer(5)));
    EXPECT_EQ(cache_->get(key)->row.version, 6U);
    EXPECT_TRUE(puts(6, Condition::newer(6)));
    EXPECT_TRUE(puts(7, Condition::newer(7), 5s));
    clock_.advance(5s);
    EXPECT_TRUE(puts(1, Condition::newer(1))) << "that was over";
}

TEST_P(Conditions, AnEraseDropsWhatIsOlderThanItsVersionAlone) {
    ASSERT_TRUE(puts(6, Condition::always()));
    EXPECT_FALSE(erases(Condition::newer(5)));
    EXPECT_FALSE(erases(Condition::newer(6)));
    EXPECT_TRUE(has_entry());
    EXPECT_TRUE(erases(Condition::newer(7)));
    EXPECT_FALSE(has_entry());
    EXPECT_TRUE(erases(Condition::newer(1))) << "nothing is older than nothing";
}

TEST_P(Conditions, OfTheAbsenceOfARowTheVersionCountsLikewise) {
    ASSERT_TRUE(cache_->put(key, Row{.version = 6}, for_ever));
    EXPECT_EQ(cache_->get(key)->row, Row{.version = 6});
    EXPECT_FALSE(puts(5, Condition::newer(5)));
    EXPECT_TRUE(puts(7, Condition::newer(7)));
}

TEST_P(Conditions, NoVersionIsOlderThanOneThatIsNotKnown) {
    ASSERT_TRUE(puts(0, Condition::always()));
    EXPECT_TRUE(puts(5, Condition::newer(5)));
    EXPECT_TRUE(puts(0, Condition::newer(0)));
    EXPECT_TRUE(puts(9, Condition::always()));
    EXPECT_TRUE(erases(Condition::newer(0)));
}

TEST_P(Conditions, ATombstoneAnswersNobodyAndRefusesWhatIsOlder) {
    ASSERT_TRUE(puts(5, Condition::always()));
    leave_tombstone(6);
    EXPECT_EQ(cache_->get(key), std::unexpected(Miss::absent));
    EXPECT_FALSE(cache_->peek(key, clock_.now()));
    cache_->visit(clock_.now(), [](Key, const Cached&) { ADD_FAILURE() << "no entry"; });
    EXPECT_EQ(cache_->use().entries, 0U);
    EXPECT_EQ(cache_->counts().hits, 0U);

    EXPECT_FALSE(puts(5, Condition::newer(5)));
    EXPECT_TRUE(puts(6, Condition::newer(6)));
    EXPECT_EQ(cache_->get(key)->row.version, 6U);
    EXPECT_EQ(cache_->use().entries, 1U);
}

TEST_P(Conditions, ATombstoneLowersNoVersionThatWasThere) {
    leave_tombstone(8);
    leave_tombstone(6);
    EXPECT_FALSE(puts(7, Condition::newer(7)));
    EXPECT_TRUE(puts(9, Condition::newer(9)));
    leave_tombstone(3);
    EXPECT_FALSE(puts(8, Condition::newer(8)));
}

TEST_P(Conditions, ATombstoneIsNoMoreAfterItsTimeAPutOrAnErase) {
    leave_tombstone(6, 5s);
    clock_.advance(5s);
    EXPECT_TRUE(puts(1, Condition::newer(1)));

    leave_tombstone(6);
    EXPECT_TRUE(puts(1, Condition::always()));
    EXPECT_TRUE(has_entry());

    leave_tombstone(6);
    EXPECT_TRUE(erases(Condition::always()));
    EXPECT_TRUE(puts(1, Condition::newer(1)));
    EXPECT_EQ(cache_->counts().expirations, 0U) << "no entry was past its time";
}

TEST_P(Conditions, ATombstoneTakesRoomAndIsEvictedLikeAnEntry) {
    cache_ = make(20'000);
    leave_tombstone(6);
    EXPECT_GT(cache_->use().bytes, 0U);
    EXPECT_FALSE(puts(5, Condition::newer(5)));
    for (std::uint64_t other = 2; other < 2'000; ++other) {
        ASSERT_TRUE(cache_->put(Key{other}, row_of("other"), for_ever));
        ASSERT_LE(cache_->use().bytes, 20'000U);
    }
    EXPECT_TRUE(puts(5, Condition::newer(5)));
    EXPECT_EQ(cache_->counts().evictions + cache_->use().entries, 1'999U) << "of entries";
}

TEST_P(Conditions, ClearDropsTombstonesAndLeasesAndCountsNeither) {
    leave_tombstone(6);
    const Stamp lease = ask_for_lease();
    EXPECT_EQ(cache_->clear(), 0U);
    EXPECT_EQ(cache_->use().bytes, 0U);
    EXPECT_FALSE(puts(1, Condition::leased(lease)));
    EXPECT_TRUE(puts(1, Condition::newer(1)));
}

TEST_P(Conditions, TheFirstThatMissesGetsTheLeaseAndTheOthersNone) {
    EXPECT_EQ(ask_for_lease(0s), no_stamp) << "none was wanted";
    const Stamp lease = ask_for_lease();
    EXPECT_NE(lease, no_stamp);
    EXPECT_EQ(ask_for_lease(), no_stamp);
    EXPECT_TRUE(puts(1, Condition::leased(lease)));
    EXPECT_TRUE(has_entry());
    EXPECT_FALSE(puts(2, Condition::leased(lease))) << "it was used";
    EXPECT_EQ(ask_for_lease(), no_stamp) << "there is an entry";
}

TEST_P(Conditions, ALeaseIsOverAfterItsTime) {
    const Stamp lease = ask_for_lease(5s);
    clock_.advance(5s);
    EXPECT_FALSE(puts(1, Condition::leased(lease)));
    const Stamp next = ask_for_lease();
    EXPECT_NE(next, no_stamp);
    EXPECT_NE(next, lease);
    EXPECT_FALSE(puts(1, Condition::leased(lease)));
    EXPECT_TRUE(puts(1, Condition::leased(next)));
}

TEST_P(Conditions, AnEraseVoidsALeaseIfItIsMeantToAndHolds) {
    const Stamp lease = ask_for_lease();
    EXPECT_TRUE(erases(Condition::always()));
    EXPECT_FALSE(erases(Condition::unchanged(77), {.voids_lease = true}));
    EXPECT_EQ(ask_for_lease(), no_stamp) << "it still stands";
    EXPECT_TRUE(erases(Condition::always(), {.voids_lease = true}));
    EXPECT_FALSE(puts(1, Condition::leased(lease)));
    EXPECT_NE(ask_for_lease(), no_stamp);
}

TEST_P(Conditions, AnyPutThatIsMadeEndsALease) {
    const Stamp lease = ask_for_lease();
    ASSERT_FALSE(puts(1, Condition::unchanged(77)));
    EXPECT_EQ(ask_for_lease(), no_stamp);
    ASSERT_TRUE(puts(1, Condition::always()));
    EXPECT_FALSE(puts(2, Condition::leased(lease)));
    EXPECT_TRUE(erases(Condition::always()));
    EXPECT_FALSE(puts(2, Condition::leased(lease)));
}

TEST_P(Conditions, APutThatIsTooLargeEndsNoLease) {
    cache_ = make(20'000);
    const Stamp lease = ask_for_lease();
    EXPECT_EQ(cache_->put(key, row_of(std::string(20'000, 'x')), for_ever), no_stamp);
    EXPECT_EQ(ask_for_lease(), no_stamp);
    EXPECT_TRUE(puts(1, Condition::leased(lease)));
}

TEST_P(Conditions, AnEraseThatLeavesNoTombstoneForgetsTheOneThatWasThere) {
    leave_tombstone(6);
    EXPECT_TRUE(erases(Condition::always()));
    EXPECT_TRUE(puts(5, Condition::newer(5)));
}

TEST_P(Conditions, LeasesThatNobodyUsesAreForgottenOnceTheyAreOver) {
    for (std::uint64_t round = 0; round < 10; ++round) {
        for (std::uint64_t other = 0; other < 1'000; ++other) {
            const auto got = cache_->get(Key{other}, {.lease = 5s});
            EXPECT_NE(got.error().lease, no_stamp);
        }
        clock_.advance(5s);
    }
    EXPECT_EQ(cache_->use().entries, 0U);
}

TEST_P(Conditions, ARefusedPutIsCountedAndChangesNothing) {
    ASSERT_TRUE(puts(6, Condition::always()));
    const Cached before = *cache_->get(key);
    EXPECT_FALSE(puts(5, Condition::newer(5)));
    EXPECT_FALSE(puts(5, Condition::leased(77)));
    EXPECT_FALSE(puts(5, Condition::unchanged(before.stamp + 1)));
    EXPECT_EQ(cache_->counts().fills, 1U);
    EXPECT_EQ(cache_->counts().fills_refused, 3U);
    EXPECT_EQ(cache_->get(key)->row, before.row);
    EXPECT_EQ(cache_->get(key)->stamp, before.stamp);
}

// Threads put ascending versions, each if it is newer: none may go back.
TEST_P(Conditions, AreAskedAndCarriedOutInOneStep) {
    std::atomic<Version> next = 0;
    const auto write = [&] {
        for (int i = 0; i < 5'000; ++i) {
            const Version version = ++next;
            if (version % 3 == 0) {
                cache_->erase(key, Condition::newer(version), {.version = version});
            } else {
                puts(version, Condition::newer(version));
            }
            const auto got = cache_->get(key);
            if (got) {
                EXPECT_GE(got->row.version, version);
            }
        }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(write);
    for (auto& thread : threads) thread.join();
    EXPECT_FALSE(puts(next - 1, Condition::newer(next - 1)));
}

INSTANTIATE_TEST_SUITE_P(All, Conditions, testing::ValuesIn(all_caches()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace stalemark
