// SPDX-License-Identifier: Apache-2.0
// What a session is entitled to see: its own writes, and nothing older than what it has seen.

#include "measure/witness_play.h"

namespace stalemark {
namespace {

class SessionTest : public WitnessTest {};

TEST_F(SessionTest, AStaleReadOfAnotherSessionsKeyBreaksNoSessionGuarantee) {
    write(bert);
    EXPECT_TRUE(read(anna, sealed(Header{})));
    EXPECT_EQ(anna.counts().stale_reads, 1U);
    EXPECT_EQ(anna.counts().read_your_writes_violations, 0U);
    EXPECT_EQ(anna.counts().monotonic_reads_violations, 0U);
}

TEST_F(SessionTest, NotSeeingItsOwnWriteBreaksReadYourWrites) {
    write(anna);
    read(anna, sealed(Header{}));
    EXPECT_EQ(anna.counts().read_your_writes_eligible, 1U);
    EXPECT_EQ(anna.counts().read_your_writes_violations, 1U);
}

TEST_F(SessionTest, SeeingSomeoneElsesNewerWriteKeepsReadYourWrites) {
    write(anna);
    const Header newer = write(bert);
    read(anna, sealed(newer));
    EXPECT_EQ(anna.counts().read_your_writes_eligible, 1U);
    EXPECT_EQ(anna.counts().read_your_writes_violations, 0U);
}

TEST_F(SessionTest, GoingBackToAnOlderValueBreaksMonotonicReadsEvenWhereNothingIsStale) {
    const Header first = write(bert);
    const Header in_flight = bert.before_write(key, false);
    EXPECT_FALSE(read(anna, sealed(in_flight)));
    EXPECT_FALSE(read(anna, sealed(first)));
    EXPECT_EQ(anna.counts().monotonic_reads_violations, 1U);
    EXPECT_EQ(anna.counts().stale_reads, 0U);
}

TEST_F(SessionTest, AnAbsentKeyAfterItsOwnWriteBreaksReadYourWrites) {
    const Header deleted = bert.before_write(key, true);
    bert.after_write(key, deleted, true, Instant{0});
    write(anna);
    EXPECT_TRUE(read(anna, std::nullopt));
    EXPECT_EQ(anna.counts().read_your_writes_violations, 1U);
}

TEST_F(SessionTest, CoverageFallsWhenKeysCompeteForPlaces) {
    Judges many(10'000, 10'000, 1);
    Witness small(many, 0, 64);
    for (int round = 0; round < 2; ++round) {
        for (std::uint64_t number = 0; number < 1'000; ++number) {
            std::string value = sealed(Header{}, Key{number});
            small.after_read(Key{number}, 0, Instant{0}, value);
        }
    }
    EXPECT_EQ(small.counts().session_lookups, 2'000U);
    EXPECT_LT(small.counts().session_found, 1'000U);
}

TEST_F(SessionTest, OnlyAReadOfWhatTheSessionWroteOrReadBeforeCanShowThatItWentBack) {
    read(anna, sealed(write(bert)));
    EXPECT_EQ(anna.counts().monotonic_reads_eligible, 0U);
    read(anna, sealed(write(bert)));
    EXPECT_EQ(anna.counts().monotonic_reads_eligible, 1U);
    EXPECT_EQ(anna.counts().read_your_writes_eligible, 0U) << "it has written nothing";
    read(anna, sealed(write(anna)));
    EXPECT_EQ(anna.counts().monotonic_reads_eligible, 2U) << "its own write changes nothing";
    EXPECT_EQ(anna.counts().read_your_writes_eligible, 1U);
    EXPECT_EQ(anna.counts().session_lookups, 3U);
    EXPECT_EQ(anna.counts().session_found, 2U);
}

TEST_F(SessionTest, AStaleReadThatShowsTheSessionsOwnWriteKeepsReadYourWrites) {
    const Header own = write(anna);
    write(bert);
    EXPECT_TRUE(read(anna, sealed(own)));
    EXPECT_EQ(anna.counts().read_your_writes_eligible, 1U);
    EXPECT_EQ(anna.counts().read_your_writes_violations, 0U);
}

}  // namespace
}  // namespace stalemark
