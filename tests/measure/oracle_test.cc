// SPDX-License-Identifier: Apache-2.0
// The judge against histories whose verdict is known.

#include "measure/oracle.h"

#include <gtest/gtest.h>

#include "measure/witness.h"

namespace stalemark {
namespace {

constexpr Key key{7};

// Two or three sessions act on one key; each line of a test is one step of the history.
class OracleTest : public testing::Test {
protected:
    Header begin(std::uint32_t session) { return oracle.begin_write(key, session); }
    void end(const Header& header) { oracle.acknowledge(key, header, false); }
    Header write(std::uint32_t session) {
        const Header header = begin(session);
        end(header);
        return header;
    }
    Header begin_delete(std::uint32_t session) {
        const Header header = oracle.begin_write(key, session);
        oracle.begin_delete(key, header);
        return header;
    }
    void end_delete(const Header& header) { oracle.acknowledge(key, header, true); }

    // The verdict on a read that begins now and sees `seen`.
    bool is_stale(const Seen& seen) {
        return oracle.is_older(key, seen, oracle.entitlement(key));
    }

    const Seen initial = Header{};
    Oracle oracle{10, 10, 3};
};

TEST_F(OracleTest, TheInitialValueIsFreshUntilAWriteIsAcknowledged) {
    EXPECT_FALSE(is_stale(initial));
    const Header header = begin(0);
    EXPECT_FALSE(is_stale(initial));
    EXPECT_FALSE(is_stale(header));
    end(header);
    EXPECT_TRUE(is_stale(initial));
    EXPECT_FALSE(is_stale(header));
}

TEST_F(OracleTest, AReplacedValueIsStale) {
    const Header first = write(0);
    const Header second = write(1);
    EXPECT_TRUE(is_stale(first));
    EXPECT_FALSE(is_stale(second));
}

TEST_F(OracleTest, AReadThatBeganBeforeTheWriteWasAcknowledgedMaySeeTheOldValue) {
    const Header header = begin(0);
    const Oracle::Stamp entitlement = oracle.entitlement(key);
    end(header);
    EXPECT_FALSE(oracle.is_older(key, initial, entitlement));
}

TEST_F(OracleTest, ConcurrentWritesAreNeverOrdered) {
    const Header first = begin(0);
    const Header second = begin(1);
    end(second);
    end(first);
    EXPECT_FALSE(is_stale(first));
    EXPECT_FALSE(is_stale(second));
    EXPECT_TRUE(is_stale(initial));
}

TEST_F(OracleTest, AWriteInFlightIsNeverStale) {
    const Header slow = begin(0);
    write(1);
    write(1);
    EXPECT_FALSE(is_stale(slow));
    end(slow);
    EXPECT_FALSE(is_stale(slow));
    write(1);
    EXPECT_TRUE(is_stale(slow));
}

TEST_F(OracleTest, ARefusedWriteEntitlesNobody) {
    const Header refused = begin(0);
    oracle.refuse(key, refused, false);
    EXPECT_FALSE(is_stale(initial));
    EXPECT_EQ(oracle.status_of(refused), Oracle::Status::refused);
}

TEST_F(OracleTest, AWriteOfUnknownOutcomeIsNeverCalledStale) {
    const Header open = begin(0);
    oracle.leave_open(key, open, false);
    write(1);
    EXPECT_FALSE(is_stale(open));
    EXPECT_EQ(oracle.status_of(open), Oracle::Status::open);
}

TEST_F(OracleTest, AValueThatOutlivesItsDeleteIsStale) {
    end_delete(begin_delete(0));
    EXPECT_TRUE(is_stale(initial));
    EXPECT_FALSE(is_stale(std::nullopt));
}

TEST_F(OracleTest, AbsenceIsStaleOnceAWriteCameAfterEveryDelete) {
    end_delete(begin_delete(0));
    const Header header = begin(1);
    EXPECT_FALSE(is_stale(std::nullopt));
    end(header);
    EXPECT_TRUE(is_stale(std::nullopt));
}

TEST_F(OracleTest, ADeleteUnderWayMayBeWhatAnAbsenceComesFrom) {
    end_delete(begin_delete(0));
    write(1);
    const Header underway = begin_delete(0);
    EXPECT_FALSE(is_stale(std::nullopt));
    oracle.refuse(key, underway, true);
    EXPECT_TRUE(is_stale(std::nullopt));
}

TEST_F(OracleTest, ADeleteOfUnknownOutcomeExcusesEveryLaterAbsence) {
    const Header open = begin_delete(0);
    oracle.leave_open(key, open, true);
    write(1);
    write(1);
    EXPECT_FALSE(is_stale(std::nullopt));
}

TEST_F(OracleTest, APreloadedKeyCannotBeAbsentWithoutADelete) {
    EXPECT_FALSE(oracle.can_be_absent(key));
    begin_delete(0);
    EXPECT_TRUE(oracle.can_be_absent(key));
}

TEST_F(OracleTest, AKeyThatWasNotLoadedIsAbsentUntilItIsWritten) {
    Oracle half_loaded(10, 5, 1);
    EXPECT_FALSE(half_loaded.can_be_absent(Key{4}));
    EXPECT_TRUE(half_loaded.can_be_absent(Key{5}));
    const Header header = half_loaded.begin_write(Key{5}, 0);
    half_loaded.acknowledge(Key{5}, header, false);
    EXPECT_TRUE(half_loaded.is_older(Key{5}, std::nullopt, half_loaded.entitlement(Key{5})));
}

TEST_F(OracleTest, RemembersEveryAcknowledgementOfALongSession) {
    std::vector<Header> headers;
    for (int i = 0; i < 10'000; ++i) headers.push_back(write(0));
    for (std::size_t i = 0; i + 1 < headers.size(); ++i) ASSERT_TRUE(is_stale(headers[i])) << i;
    EXPECT_FALSE(is_stale(headers.back()));
}

TEST_F(OracleTest, KeysAreJudgedApart) {
    write(0);
    EXPECT_FALSE(oracle.is_older(Key{8}, initial, oracle.entitlement(Key{8})));
}

}  // namespace
}  // namespace stalemark
