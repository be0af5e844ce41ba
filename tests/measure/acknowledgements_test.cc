#include "measure/acknowledgements.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

constexpr Key key{5};

class AcknowledgementsTest : public testing::Test {
protected:
    // Of a read that returned a value whose write was acknowledged at stamp `seen`.
    auto staleness(std::uint32_t seen, int began, std::uint64_t versions_known = 0) const {
        return log.staleness_of(key, seen, Instant(began), versions_known);
    }

    Acknowledgements log{10};
};

TEST_F(AcknowledgementsTest, TheAgeRunsFromTheFirstWriteThatWasMissed) {
    log.add(key, 4, Instant(100));
    log.add(key, 6, Instant(200));
    log.add(key, 8, Instant(300));
    EXPECT_EQ(staleness(3, 1'000)->age, Duration(900));
    EXPECT_EQ(staleness(5, 1'000)->age, Duration(800));
    EXPECT_EQ(staleness(7, 1'000)->age, Duration(700));
}

TEST_F(AcknowledgementsTest, CountsTheWritesThatWereMissed) {
    log.add(key, 4, Instant(100));
    log.add(key, 6, Instant(200));
    log.add(key, 8, Instant(300));
    EXPECT_EQ(staleness(3, 1'000)->versions, 3U);
    EXPECT_EQ(staleness(5, 1'000)->versions, 2U);
    EXPECT_EQ(staleness(3, 250)->versions, 2U);
}

TEST_F(AcknowledgementsTest, LeavesTheCountOutThatCannotBeALargerOne) {
    log.add(key, 4, Instant(100));
    log.add(key, 6, Instant(200));
    EXPECT_EQ(staleness(3, 1'000, 1)->versions, 2U);
    EXPECT_EQ(staleness(3, 1'000, 2)->versions, 0U);
}

TEST_F(AcknowledgementsTest, KnowsNothingOfAValueThatWasNotReplaced) {
    EXPECT_FALSE(staleness(1, 1'000));
    log.add(key, 4, Instant(100));
    EXPECT_FALSE(staleness(5, 1'000));
}

TEST_F(AcknowledgementsTest, AWriteAcknowledgedAfterTheReadBeganWasNotMissed) {
    log.add(key, 4, Instant(100));
    EXPECT_FALSE(staleness(3, 99));
    EXPECT_EQ(staleness(3, 100)->age, Duration(0));  // A session's own, in virtual time.
    EXPECT_EQ(staleness(3, 100)->versions, 1U);
}

TEST_F(AcknowledgementsTest, AWriteConcurrentWithTheOneSeenWasNotMissed) {
    log.add(key, 4,
            Instant(100));  // The value seen was acknowledged at 5, between begin and end.
    log.add(key, 7, Instant(300));
    EXPECT_EQ(staleness(5, 1'000)->age, Duration(700));
    EXPECT_EQ(staleness(5, 1'000)->versions, 1U);
}

TEST_F(AcknowledgementsTest, AnEarlierWriteThatIsAcknowledgedLateHidesNoLaterOne) {
    log.add(key, 6, Instant(100));
    log.add(key, 2, Instant(200));
    EXPECT_EQ(staleness(4, 1'000)->age, Duration(900));
    EXPECT_EQ(staleness(4, 1'000)->versions, 1U);
}

TEST_F(AcknowledgementsTest, KeysAreLoggedApart) {
    log.add(Key{6}, 4, Instant(100));
    EXPECT_FALSE(staleness(3, 1'000));
}

TEST_F(AcknowledgementsTest, EveryKeyOfASmallKeySpaceIsSampled) {
    const Acknowledgements small(32'768);
    for (std::uint64_t number = 0; number < 32'768; ++number) {
        ASSERT_TRUE(small.is_sampled(Key{number})) << number;
    }
}

TEST_F(AcknowledgementsTest, OfALargeKeySpaceThePopularKeysAndOneOfEightAreSampled) {
    constexpr int keys = 100'000;
    const Acknowledgements large(keys);
    int sampled = 0;
    for (std::uint64_t number = 0; number < keys; ++number) {
        sampled += large.is_sampled(Key{number});
        if (number < 64) {
            ASSERT_TRUE(large.is_sampled(Key{number})) << number;
        }
    }
    EXPECT_NEAR(sampled, keys / 8, 500);
}

}  // namespace
}  // namespace stalemark
