// SPDX-License-Identifier: Apache-2.0
// What a receiver can tell from the numbers of events alone.

#include "events/gap_detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/random.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

// As the clock says when it is this late.
std::function<bool(Instant)> by(Instant now) {
    return [now](Instant deadline) { return now >= deadline; };
}

class GapDetectorTest : public testing::Test {
protected:
    // All of these arrive now.
    void arrive(std::initializer_list<std::uint64_t> numbers) {
        for (const std::uint64_t number : numbers) {
            EXPECT_EQ(detector.arrived(number, now), Receipt::expected) << number;
        }
    }

    Instant now = milliseconds(100);
    GapDetector detector{milliseconds(10)};
};

TEST_F(GapDetectorTest, AsksForTheDeadlineOfEachGapThatIsOpen) {
    arrive({3, 5});
    std::vector<Instant> asked;
    const auto answer = [&](Instant deadline) {
        asked.push_back(deadline);
        return asked.size() == 1;
    };
    EXPECT_THAT(detector.declare(answer), ElementsAre(Gap{1, 2}));
    EXPECT_THAT(asked, ElementsAre(milliseconds(110), milliseconds(110)));
}

TEST_F(GapDetectorTest, SeesNoGapInARowOfNumbers) {
    arrive({1, 2, 3, 4, 5});
    EXPECT_EQ(detector.next_deadline(), std::nullopt);
    EXPECT_THAT(detector.declare(by(never)), IsEmpty());
}

TEST_F(GapDetectorTest, DeclaresAGapOnceWhenItsGraceIsOver) {
    arrive({1, 2, 5});
    EXPECT_EQ(detector.next_deadline(), milliseconds(110));
    EXPECT_THAT(detector.declare(by(milliseconds(109))), IsEmpty());
    EXPECT_THAT(detector.declare(by(milliseconds(110))), ElementsAre(Gap{3, 4}));
    EXPECT_THAT(detector.declare(by(never)), IsEmpty());
    EXPECT_EQ(detector.next_deadline(), std::nullopt);
}

TEST_F(GapDetectorTest, MissesTheFirstEventsToo) {
    arrive({3});
    EXPECT_THAT(detector.declare(by(never)), ElementsAre(Gap{1, 2}));
}

TEST_F(GapDetectorTest, ForgetsAGapThatClosesInTime) {
    arrive({1, 2, 5, 4, 3});
    EXPECT_EQ(detector.next_deadline(), std::nullopt);
    EXPECT_THAT(detector.declare(by(never)), IsEmpty());
}

TEST_F(GapDetectorTest, DeclaresWhatIsLeftOfAGap) {
    arrive({1, 10, 5, 2});
    EXPECT_THAT(detector.declare(by(never)), ElementsAre(Gap{3, 4}, Gap{6, 9}));
}

TEST_F(GapDetectorTest, EachGapHasAGraceOfItsOwn) {
    arrive({2});
    now += milliseconds(3);
    arrive({4});
    EXPECT_THAT(detector.declare(by(milliseconds(112))), ElementsAre(Gap{1, 1}));
    EXPECT_EQ(detector.next_deadline(), milliseconds(113));
    EXPECT_THAT(detector.declare(by(milliseconds(113))), ElementsAre(Gap{3, 3}));
}

TEST_F(GapDetectorTest, AHeartbeatShowsThatTheLastEventsAreMissing) {
    arrive({1, 2});
    detector.heard_of(2, now);
    EXPECT_EQ(detector.next_deadline(), std::nullopt);
    detector.heard_of(4, now);
    detector.heard_of(3, now);  // An older one, late.
    EXPECT_THAT(detector.declare(by(never)), ElementsAre(Gap{3, 4}));
    arrive({5});
    EXPECT_THAT(detector.declare(by(never)), IsEmpty());
}

TEST_F(GapDetectorTest, RecognisesDuplicates) {
    arrive({1, 2, 3});
    EXPECT_EQ(detector.arrived(2, now), Receipt::duplicate);
    EXPECT_EQ(detector.arrived(3, now), Receipt::duplicate);
    EXPECT_THAT(detector.declare(by(never)), IsEmpty());
}

TEST_F(GapDetectorTest, RecognisesAFalseAlarm) {
    arrive({1, 4});
    detector.declare(by(never));
    EXPECT_EQ(detector.arrived(3, now), Receipt::given_up);
    EXPECT_EQ(detector.arrived(3, now), Receipt::duplicate);
    EXPECT_EQ(detector.arrived(2, now), Receipt::given_up);
}

TEST_F(GapDetectorTest, WhatWasRecoveredIsNotMissingAnyMore) {
    arrive({1, 5});
    detector.declare(by(never));
    EXPECT_TRUE(detector.recover(3));
    EXPECT_FALSE(detector.recover(3)) << "once";
    EXPECT_FALSE(detector.recover(1)) << "it was never missing";
    EXPECT_EQ(detector.arrived(3, now), Receipt::recovered);
    EXPECT_EQ(detector.arrived(3, now), Receipt::duplicate);
    EXPECT_EQ(detector.arrived(2, now), Receipt::given_up);
    EXPECT_FALSE(detector.recover(2)) << "it came by itself";
}

TEST_F(GapDetectorTest, TakesForNewWhatIsTooOldToTell) {
    GapDetector brief(milliseconds(10), 2);
    for (const std::uint64_t number : {2U, 4U, 6U}) brief.arrived(number, now);
    brief.declare(by(never));
    EXPECT_EQ(brief.arrived(1, now), Receipt::forgotten);
    EXPECT_TRUE(brief.recover(1));
    EXPECT_EQ(brief.arrived(2, now), Receipt::duplicate);
    EXPECT_EQ(brief.arrived(3, now), Receipt::given_up);
    EXPECT_EQ(brief.arrived(5, now), Receipt::given_up);
}

TEST_F(GapDetectorTest, NeverForgetsAGapThatIsNotDeclared) {
    GapDetector brief(milliseconds(10), 1);
    for (const std::uint64_t number : {2U, 4U, 6U}) brief.arrived(number, now);
    EXPECT_THAT(brief.declare(by(never)), ElementsAre(Gap{1, 1}, Gap{3, 3}, Gap{5, 5}));
}

// The model: plain sets of what arrived, was declared and was recovered.
TEST_F(GapDetectorTest, AgreesWithAPlainModelOnRandomNumbers) {
    Random random(1);
    std::set<std::uint64_t> here;
    std::set<std::uint64_t> declared;
    std::set<std::uint64_t> recovered;
    GapDetector tested(milliseconds(10), 1'000'000);
    std::uint64_t newest = 0;
    std::map<Receipt, int> seen;
    for (int i = 0; i < 50'000; ++i) {
        now += milliseconds(1);
        for (const Gap& gap : tested.declare(by(now))) {
            for (std::uint64_t n = gap.first; n <= gap.last; ++n) {
                EXPECT_FALSE(here.contains(n));
                EXPECT_TRUE(declared.insert(n).second);
            }
        }
        const std::uint64_t number =
            newest < 20 ? newest + 1 + random.below(3) : newest - 19 + random.below(23);
        if (random.below(8) == 0) {
            const bool is_missing = declared.contains(number) && !here.contains(number);
            EXPECT_EQ(tested.recover(number), is_missing && !recovered.contains(number));
            if (is_missing) recovered.insert(number);
            continue;
        }
        const Receipt expected = !here.insert(number).second  ? Receipt::duplicate
                                 : recovered.contains(number) ? Receipt::recovered
                                 : declared.contains(number)  ? Receipt::given_up
                                                              : Receipt::expected;
        EXPECT_EQ(tested.arrived(number, now), expected);
        ++seen[expected];
        newest = std::max(newest, number);
    }
    for (const Receipt each :
         {Receipt::expected, Receipt::given_up, Receipt::recovered, Receipt::duplicate}) {
        EXPECT_GT(seen[each], 100);
    }
}

}  // namespace
}  // namespace stalemark
