// SPDX-License-Identifier: Apache-2.0
// A session's verdicts on reads: what was seen is sealed and handed back as a store would.

#include "measure/witness.h"

#include "measure/witness_play.h"

namespace stalemark {
namespace {

TEST_F(WitnessTest, CountsAFreshReadAsCheckedAndNotStale) {
    EXPECT_FALSE(read(anna, sealed(Header{})));
    EXPECT_EQ(anna.counts().reads_checked, 1U);
    EXPECT_EQ(anna.counts().stale_reads, 0U);
}

TEST_F(WitnessTest, AValueOfAnotherKeyOrWithAFlippedBitIsCorrupt) {
    read(anna, sealed(Header{}, Key{4}));
    std::string flipped = sealed(Header{});
    flipped[30] ^= 1;
    read(anna, flipped);
    read(anna, std::string("short"));
    EXPECT_EQ(anna.counts().values_corrupt, 3U);
    EXPECT_EQ(anna.counts().reads_checked, 0U);
}

TEST_F(WitnessTest, WithoutVerificationTheHeaderIsBelieved) {
    judges.verifies = false;
    std::string flipped = sealed(Header{});
    flipped[30] ^= 1;
    EXPECT_FALSE(read(anna, flipped));
    write(bert);
    EXPECT_TRUE(read(anna, flipped));
    EXPECT_EQ(anna.counts().values_corrupt, 0U);
    EXPECT_EQ(anna.counts().reads_checked, 2U);
    EXPECT_FALSE(read(anna, std::string("short")));
    EXPECT_EQ(anna.counts().reads_checked, 2U);
}

TEST_F(WitnessTest, ReadingARefusedWriteIsAPhantom) {
    const Header refused = anna.before_write(key, false);
    anna.after_refusal(key, refused, false);
    write(bert);
    read(bert, sealed(refused));
    EXPECT_EQ(bert.counts().phantom_reads, 1U);
}

TEST_F(WitnessTest, ReadingARefusedWriteIsAPhantomEvenWhereNothingNewerIsKnown) {
    const Header refused = anna.before_write(key, false);
    anna.after_refusal(key, refused, false);
    EXPECT_FALSE(read(bert, sealed(refused)));
    EXPECT_EQ(bert.counts().phantom_reads, 1U);
}

TEST_F(WitnessTest, ReadingAWriteOfUnknownOutcomeIsNoCheckedReadHoweverFreshItIs) {
    const Header open = anna.before_write(key, false);
    anna.after_silence(key, open, false);
    EXPECT_FALSE(read(bert, sealed(open)));
    write(anna);
    EXPECT_FALSE(read(bert, sealed(open)));
    EXPECT_EQ(bert.counts().reads_of_open_writes, 2U);
    EXPECT_EQ(bert.counts().reads_checked, 0U);
    EXPECT_EQ(bert.counts().phantom_reads, 0U);
}

TEST_F(WitnessTest, AWriteStillUnderWayMayBeRead) {
    const Header refused = anna.before_write(key, false);
    anna.after_refusal(key, refused, false);
    const Header underway = bert.before_write(key, false);
    EXPECT_FALSE(read(anna, sealed(underway)));
    EXPECT_EQ(anna.counts().reads_checked, 1U);
    EXPECT_EQ(anna.counts().phantom_reads, 0U);
}

TEST_F(WitnessTest, AnAbsenceThatNothingCausedIsAPhantom) {
    read(anna, std::nullopt);
    EXPECT_EQ(anna.counts().phantom_reads, 1U);
}

TEST_F(WitnessTest, TheAgeRunsFromTheFirstWriteMissedToTheBeginOfTheRead) {
    write(bert, Instant(100));
    write(bert, Instant(200));
    write(bert, Instant(300));
    read(anna, sealed(Header{}), Instant(1'100));
    ASSERT_EQ(anna.counts().stale_age.count(), 1U);
    EXPECT_EQ(anna.counts().stale_age.most(), Duration(1'000));
    EXPECT_EQ(anna.counts().version_lag_max, 3U);
}

TEST_F(WitnessTest, EveryStaleReadHasAnAgeOrALeastAge) {
    write(bert, Instant(100));
    read(anna, sealed(Header{}), Instant(1'100));
    Judges forgetful{10, 10, 2, 2, false, 0};
    Witness carl{forgetful, 0};
    write(carl, Instant(100));
    carl.after_read(key, carl.before_read(key), Instant(1'100), sealed(Header{}));
    EXPECT_EQ(anna.counts().ages_at_least, 0U);
    EXPECT_EQ(carl.counts().stale_reads, 1U);
    EXPECT_EQ(carl.counts().stale_age.count(), 0U);
    EXPECT_EQ(carl.counts().ages_at_least, 1U);
}

class BoundTest : public WitnessTest {
protected:
    BoundTest() { judges.bound = Duration(1'000); }

    // Of the value that was replaced at 100.
    void read_old(std::int64_t began, Duration slack = Duration{0}, bool by_design = false) {
        anna.after_read(key, anna.before_read(key), Instant(began), sealed(Header{}), by_design,
                        slack);
    }
};

TEST_F(BoundTest, AStaleReadPastTheBoundAndItsOwnSlackBreaksIt) {
    write(bert, Instant(100));
    read_old(1'100);
    EXPECT_EQ(anna.counts().contract_violations, 0U);
    read_old(1'101);
    EXPECT_EQ(anna.counts().contract_violations, 1U);
    read_old(1'101, Duration(1));
    read_old(1'600, Duration(500));
    EXPECT_EQ(anna.counts().contract_violations, 1U);
    read_old(1'601, Duration(500));
    read_old(1'601, Duration(500), true);
    EXPECT_EQ(anna.counts().contract_violations, 3U);
}

TEST_F(BoundTest, OnlyReadsThatLateTestIt) {
    write(bert, Instant(100));
    const Header newest = write(bert, Instant(200));
    read(anna, sealed(newest), Instant(1'100));
    EXPECT_EQ(anna.counts().reads_past_bound, 0U);
    read(anna, sealed(newest), Instant(1'101));
    EXPECT_EQ(anna.counts().reads_past_bound, 1U);
    EXPECT_EQ(anna.counts().contract_violations, 0U);
}

TEST_F(BoundTest, AReadTestsItOnlyIfItIsLaterByTheSlackOfItsEntryToo) {
    const Header newest = write(bert, Instant(100));
    const auto read_new = [&](std::int64_t began) {
        anna.after_read(key, anna.before_read(key), Instant(began), sealed(newest), false,
                        Duration(500));
    };
    read_new(1'600);
    EXPECT_EQ(anna.counts().reads_past_bound, 0U);
    read_new(1'601);
    EXPECT_EQ(anna.counts().reads_past_bound, 1U);
}

TEST_F(BoundTest, WhereNothingWasWrittenNoReadTestsIt) {
    read(anna, sealed(Header{}), Instant::max());
    EXPECT_EQ(anna.counts().reads_past_bound, 0U);
}

TEST_F(WitnessTest, WithoutABoundNothingIsPastIt) {
    write(bert, Instant(100));
    read(anna, sealed(Header{}), Instant::max());
    EXPECT_EQ(anna.counts().reads_past_bound, 0U);
    EXPECT_EQ(anna.counts().contract_violations, 0U);
}

TEST_F(WitnessTest, TheVersionLagIsTheLargestOfAllStaleReads) {
    const Header first = write(bert, Instant(100));
    write(bert, Instant(200));
    const Header third = write(bert, Instant(300));
    write(bert, Instant(400));
    read(anna, sealed(first), Instant(1'000));
    read(anna, sealed(third), Instant(1'000));
    EXPECT_EQ(anna.counts().version_lag_max, 3U);
}

TEST_F(WitnessTest, WhatIsStaleByDesignIsInNoFigureOfStaleReadsWhateverItsAge) {
    Judges forgetful{10, 10, 2, 2, false, 0};
    Witness carl{forgetful, 0};
    write(bert, Instant(100));
    write(carl, Instant(100));
    for (Witness* const one : {&anna, &carl}) {
        const Oracle::Stamp entitlement = one->before_read(key);
        EXPECT_TRUE(one->after_read(key, entitlement, Instant(1'100), sealed(Header{}), true));
        EXPECT_EQ(one->counts().stale_by_design, 1U);
        EXPECT_EQ(one->counts().stale_reads, 0U);
        EXPECT_EQ(one->counts().stale_age.count(), 0U);
        EXPECT_EQ(one->counts().ages_at_least, 0U);
        EXPECT_EQ(one->counts().version_lag_max, 0U);
    }
    EXPECT_EQ(anna.counts().stale_by_design_age.most(), Duration(1'000));
    EXPECT_EQ(carl.counts().stale_by_design_age.count(), 0U);
}

TEST_F(WitnessTest, TheStoresAccountIsHeldWhileAWriteIsTimedHoweverThatEnds) {
    std::string heard;
    judges.store_account = {.hold = [&] { heard += "hold "; },
                            .tell = [&] { heard += "tell "; }};
    {
        const Witness::Timing timing = anna.timing();
        heard += "write ";
    }
    EXPECT_EQ(heard, "hold write tell ");
    const auto ended = [&] {
        const Witness::Timing timing = anna.timing();
        throw 1;
    };
    EXPECT_ANY_THROW(ended());
    EXPECT_EQ(heard, "hold write tell hold tell ");
}

}  // namespace
}  // namespace stalemark
