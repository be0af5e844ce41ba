// SPDX-License-Identifier: Apache-2.0
#include "measure/acknowledgements.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

constexpr Key key{5};

class AcknowledgementsTest : public testing::Test {
protected:
    // Of a read that returned a value whose write was acknowledged at stamp `seen` and was
    // entitled to the write invoked at `newest`.
    auto staleness(std::uint32_t seen, std::uint32_t newest, int began) const {
        return log.staleness_of(key, seen, newest, Instant(began));
    }

    Acknowledgements log{10};
};

TEST_F(AcknowledgementsTest, TheAgeRunsFromTheFirstWriteThatWasMissed) {
    log.add(key, 4, Instant(100));
    log.add(key, 6, Instant(200));
    log.add(key, 8, Instant(300));
    EXPECT_EQ(staleness(3, 8, 1'000).age, Duration(900));
    EXPECT_EQ(staleness(5, 8, 1'000).age, Duration(800));
    EXPECT_EQ(staleness(7, 8, 1'000).age, Duration(700));
    EXPECT_TRUE(staleness(7, 8, 1'000).is_known);
}

TEST_F(AcknowledgementsTest, CountsTheWritesThatWereMissed) {
    log.add(key, 4, Instant(100));
    log.add(key, 6, Instant(200));
    log.add(key, 8, Instant(300));
    EXPECT_EQ(staleness(3, 8, 1'000).missed, 3U);
    EXPECT_EQ(staleness(5, 8, 1'000).missed, 2U);
    EXPECT_EQ(staleness(3, 6, 250).missed, 2U);  // The third was acknowledged later.
}

TEST_F(AcknowledgementsTest, ASessionReadsAtTheInstantAtWhichItsOwnWriteEnded) {
    log.add(key, 4, Instant(100));
    EXPECT_EQ(staleness(3, 4, 100).age, Duration(0));
    EXPECT_TRUE(staleness(3, 4, 100).is_known);
    EXPECT_EQ(staleness(3, 4, 100).missed, 1U);
}

TEST_F(AcknowledgementsTest, AWriteConcurrentWithTheOneSeenWasNotMissed) {
    // The value seen was acknowledged at 5, between the two ends of the first.
    log.add(key, 4, Instant(100));
    log.add(key, 7, Instant(300));
    EXPECT_EQ(staleness(5, 7, 1'000).age, Duration(700));
    EXPECT_EQ(staleness(5, 7, 1'000).missed, 1U);
}

TEST_F(AcknowledgementsTest, AnEarlierWriteThatIsAcknowledgedLateHidesNoLaterOne) {
    log.add(key, 6, Instant(100));
    log.add(key, 2, Instant(200));
    EXPECT_EQ(staleness(4, 6, 1'000).age, Duration(900));
    EXPECT_EQ(staleness(4, 6, 1'000).missed, 1U);
    EXPECT_EQ(staleness(1, 6, 1'000).age, Duration(900));
    EXPECT_EQ(staleness(1, 6, 1'000).missed, 2U);
}

TEST_F(AcknowledgementsTest, OfTwoWritersTheOneThatEndedFirstMayComeLast) {
    log.add(key, 4, Instant(200));
    log.add(key, 6, Instant(100));
    EXPECT_EQ(staleness(3, 6, 1'000).age, Duration(900));
    log.add(key, 5, Instant(50));
    EXPECT_EQ(staleness(3, 6, 1'000).age, Duration(950));
}

TEST_F(AcknowledgementsTest, KeysAreLoggedApart) {
    log.add(Key{6}, 4, Instant(100));
    log.add(key, 4, Instant(300));
    EXPECT_EQ(staleness(3, 4, 1'000).age, Duration(700));
}

TEST_F(AcknowledgementsTest, OfAKeyWithoutALogTheAgeIsUnknown) {
    EXPECT_FALSE(staleness(3, 4, 1'000).is_known);
}

}  // namespace
}  // namespace stalemark
