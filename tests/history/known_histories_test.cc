// SPDX-License-Identifier: Apache-2.0
// Histories whose verdict is known, each a few operations long.

#include <gtest/gtest.h>

#include "history/brute_force.h"
#include "history/key_history.h"
#include "history/register_check.h"

namespace stalemark {
namespace {

const Name initial = Name::of_integer(0);

class KnownHistory : public testing::Test {
protected:
    void read(std::int64_t version, HistoryTime from, HistoryTime to,
              std::uint32_t client = HistoryOperation::no_client) {
        add(HistoryAction::read, Name::of_integer(version), from, to, client);
    }
    void write(std::int64_t version, HistoryTime from, HistoryTime to,
               std::uint32_t client = HistoryOperation::no_client) {
        add(HistoryAction::write, Name::of_integer(version), from, to, client);
    }
    void find_nothing(HistoryTime from, HistoryTime to) {
        add(HistoryAction::read, Name(), from, to, HistoryOperation::no_client);
    }
    void erase(HistoryTime from, HistoryTime to) {
        add(HistoryAction::erase, Name(), from, to, HistoryOperation::no_client);
    }

    // What it comes to, which brute force must agree with.
    Findings findings(Name first = initial) {
        Findings found = check_register(history_, first);
        if (found.verdict() != HistoryVerdict::unknown) {
            EXPECT_EQ(found.linearizability_anomalies() == 0, is_linearizable(history_, first));
        }
        return found;
    }
    void expect(HistoryVerdict verdict, std::uint64_t stale, std::uint64_t order,
                std::uint64_t phantom) {
        const Findings found = findings();
        EXPECT_EQ(found.verdict(), verdict);
        EXPECT_EQ(found.count(AnomalyClass::stale_read), stale);
        EXPECT_EQ(found.count(AnomalyClass::order), order);
        EXPECT_EQ(found.count(AnomalyClass::phantom_read), phantom);
    }
    void expect_ok() { expect(HistoryVerdict::ok, 0, 0, 0); }

    void add(HistoryAction action, Name version, HistoryTime from, HistoryTime to,
             std::uint32_t client) {
        history_.push_back({.version = version,
                            .began = from,
                            .ended = to,
                            .line = static_cast<std::uint32_t>(history_.size() + 1),
                            .client = client,
                            .action = action});
    }

    static constexpr HistoryTime unknown = after_history;
    std::vector<HistoryOperation> history_;
};

TEST_F(KnownHistory, NothingIsLinearizable) { expect_ok(); }

TEST_F(KnownHistory, OneWriteIsLinearizable) {
    write(1, 0, 10);
    expect_ok();
}

TEST_F(KnownHistory, TheInitialVersionMayBeRead) {
    read(0, 0, 10);
    expect_ok();
}

TEST_F(KnownHistory, AReadOfWhatWasReplacedIsStaleSinceTheReplacingWriteEnded) {
    write(1, 0, 10);
    write(2, 20, 30);
    write(3, 40, 50);
    read(1, 100, 110);
    expect(HistoryVerdict::anomalies, 1, 0, 0);
    const Findings found = findings();
    EXPECT_EQ(found.worst(AnomalyClass::stale_read)[0].extent, 100 - 30);
    EXPECT_EQ(found.delta(), 70);
    EXPECT_EQ(found.gamma(), 10);  // Enough for both writes to be concurrent.
}

TEST_F(KnownHistory, AReadThatIsConcurrentWithTheNewerWriteIsNotStale) {
    write(1, 0, 10);
    write(2, 20, 30);
    read(1, 30, 40);
    expect_ok();
}

TEST_F(KnownHistory, AReadMaySeeAWriteThatIsUnderWay) {
    write(1, 0, 100);
    read(1, 10, 20);
    expect_ok();
}

TEST_F(KnownHistory, AReadMaySeeAWriteThatBeganAfterIt) {
    read(1, 0, 20);
    write(1, 10, 100);
    expect_ok();
}

TEST_F(KnownHistory, TheNewVersionAndThenTheOldIsAnAnomalyWithoutAStaleRead) {
    write(1, 0, 100);
    read(1, 10, 20);
    read(0, 30, 40);
    expect(HistoryVerdict::anomalies, 0, 1, 0);
}

TEST_F(KnownHistory, TwoConcurrentWritesCannotAlternate) {
    write(1, 0, 100);
    write(2, 0, 100);
    read(1, 10, 20);
    read(2, 30, 40);
    read(1, 50, 60);
    expect(HistoryVerdict::anomalies, 0, 1, 0);
}

// Version 2 is dropped when version 4 begins: version 3, which followed it, is written by then.
TEST_F(KnownHistory, AConflictWithAVersionThatIsDroppedIsNotForgotten) {
    write(1, 0, 1'000);
    read(1, 1, 5);
    write(2, 0, 2);
    write(3, 3, 8);
    read(2, 6, 7);
    write(4, 9, 1'000);
    expect_ok();
    read(1, 10, 11);
    expect(HistoryVerdict::anomalies, 0, 1, 0);
    EXPECT_EQ(findings().worst(AnomalyClass::order)[0].operation_count, 4);
}

TEST_F(KnownHistory, AReadFromTheFutureIsPhantom) {
    read(1, 0, 10);
    write(1, 11, 20);
    expect(HistoryVerdict::anomalies, 0, 0, 1);
}

TEST_F(KnownHistory, AReadOfAVersionThatNobodyWritesIsPhantom) {
    write(1, 0, 10);
    read(7, 20, 30);
    expect(HistoryVerdict::anomalies, 0, 0, 1);
}

TEST_F(KnownHistory, AWriteOfUnknownOutcomeMayBeReadLater) {
    write(1, 0, unknown);
    write(2, 10, 20);
    read(2, 30, 40);
    read(1, 50, 60);
    expect_ok();
}

TEST_F(KnownHistory, AWriteOfUnknownOutcomeTakesEffectOnce) {
    write(1, 0, unknown);
    write(2, 10, 20);
    read(1, 30, 40);
    read(2, 50, 60);
    read(1, 70, 80);
    expect(HistoryVerdict::anomalies, 0, 1, 0);
}

TEST_F(KnownHistory, AWriteOfUnknownOutcomeNeedNotTakeEffect) {
    write(1, 0, unknown);
    read(0, 100, 110);
    expect_ok();
}

TEST_F(KnownHistory, WhatIsAllAtOnceIsAccepted) {
    write(1, 5, 5);
    write(2, 5, 5);
    read(2, 5, 5);
    read(1, 5, 5);
    read(0, 5, 5);
    expect_ok();
}

TEST_F(KnownHistory, IntervalsThatTouchAreConcurrent) {
    write(1, 0, 10);
    read(0, 10, 20);
    expect_ok();
}

TEST_F(KnownHistory, AnErasedValueIsStaleAndAbsenceMayBeRead) {
    write(1, 0, 10);
    erase(20, 30);
    find_nothing(40, 50);
    read(1, 60, 70);
    expect(HistoryVerdict::anomalies, 1, 0, 0);
}

TEST_F(KnownHistory, AbsenceIsStaleWhenEveryEraseWasFollowedByAWrite) {
    erase(0, 10);
    write(1, 20, 30);
    erase(40, 50);
    write(2, 60, 70);
    find_nothing(100, 110);
    expect(HistoryVerdict::anomalies, 1, 0, 0);
    EXPECT_EQ(findings().worst(AnomalyClass::stale_read)[0].extent, 30);
}

TEST_F(KnownHistory, AbsenceWithoutAnEraseIsPhantom) {
    write(1, 0, 10);
    find_nothing(20, 30);
    expect(HistoryVerdict::anomalies, 0, 0, 1);
}

TEST_F(KnownHistory, AbsenceThatOneOfSeveralErasesExplainsIsAccepted) {
    write(1, 0, 10);
    erase(20, 100);
    erase(20, 100);
    find_nothing(30, 40);
    expect_ok();
}

TEST_F(KnownHistory, WhetherTwoErasesExplainWhatWasReadIsLeftOpenRatherThanCalledOk) {
    erase(0, 100);
    erase(0, 100);
    write(1, 0, 100);
    find_nothing(10, 20);
    read(1, 30, 40);
    find_nothing(50, 60);
    read(1, 70, 80);
    EXPECT_EQ(findings().verdict(), HistoryVerdict::unknown);
    EXPECT_FALSE(is_linearizable(history_, initial));
}

TEST_F(KnownHistory, AClientThatMissesItsOwnWriteIsNamedWithIt) {
    write(1, 0, 10, 4);
    read(0, 11, 12, 4);
    read(0, 13, 14, 5);
    const Findings found = findings();
    EXPECT_EQ(found.count(AnomalyClass::stale_read), 2U);
    ASSERT_EQ(found.count(AnomalyClass::read_your_writes), 1U);
    const Anomaly anomaly = found.worst(AnomalyClass::read_your_writes)[0];
    ASSERT_EQ(anomaly.operation_count, 3);
    EXPECT_EQ(anomaly.operations[0].line, 0U);
    EXPECT_EQ(anomaly.operations[1].line, 1U);
    EXPECT_EQ(anomaly.operations[2].line, 2U);
}

TEST_F(KnownHistory, AClientKnowsTheOrderOfItsOwnOperationsThoughTheyTouch) {
    write(1, 0, 10, 4);
    read(0, 10, 12, 4);
    const Findings found = check_register(history_, initial);
    EXPECT_EQ(found.count(AnomalyClass::read_your_writes), 1U);
    EXPECT_EQ(found.count(AnomalyClass::stale_read), 1U);
}

TEST_F(KnownHistory, AClientThatReadsBackwardsIsNamedThoughTheReadIsNotStale) {
    write(1, 0, 10, 1);
    write(2, 20, 100, 1);
    read(2, 30, 40, 4);
    read(1, 50, 60, 4);
    const Findings found = findings();
    EXPECT_EQ(found.count(AnomalyClass::stale_read), 0U);
    EXPECT_EQ(found.count(AnomalyClass::order), 1U);
    ASSERT_EQ(found.count(AnomalyClass::monotonic_reads), 1U);
    EXPECT_EQ(found.worst(AnomalyClass::monotonic_reads)[0].operation_count, 4);
}

TEST_F(KnownHistory, ReadsOfConcurrentWritesInEitherOrderAreMonotonic) {
    write(1, 0, 100, 1);
    write(2, 0, 100, 2);
    read(2, 200, 210, 4);
    const Findings found = findings();
    EXPECT_EQ(found.count(AnomalyClass::monotonic_reads), 0U);
    EXPECT_EQ(found.verdict(), HistoryVerdict::ok);
}

TEST_F(KnownHistory, ExactlyThePlantedStaleReadsAreFound) {
    std::uint64_t planted = 0;
    for (std::int64_t i = 1; i <= 1'000; ++i) {
        write(i, i * 100, i * 100 + 10);
        const bool is_planted = i > 3 && i % 7 == 0;
        read(is_planted ? i - 1 - i % 3 : i, i * 100 + 20, i * 100 + 30);
        planted += is_planted;
    }
    const Findings found = check_register(history_, initial);
    EXPECT_EQ(found.count(AnomalyClass::stale_read), planted);
    EXPECT_EQ(found.linearizability_anomalies(), planted);
}

TEST_F(KnownHistory, AVersionThatIsWrittenTwiceIsRefused) {
    write(1, 0, 10);
    write(2, 20, 30);
    write(3, 40, 50);
    write(1, 60, 70);
    EXPECT_THROW(check_register(history_, initial), RepeatedVersion);
}

}  // namespace
}  // namespace stalemark
