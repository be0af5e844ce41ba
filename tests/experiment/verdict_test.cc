// SPDX-License-Identifier: Apache-2.0
// When a promise counts as broken: each kind of evidence once, against each promise it
// concerns.

#include "experiment/verdict.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

using Consistency = Promise::Consistency;

class VerdictTest : public testing::Test {
protected:
    VerdictTest() {
        seen.reads_checked = 1'000;
        evidence.writes = 100;
        seen.reads_past_bound = 10;
    }

    Verdict judged(Consistency consistency, bool durable = false) {
        const Promise promise = {
            .consistency = consistency, .bound = std::chrono::seconds(1), .durable = durable};
        return judge(promise, evidence);
    }
    std::string verdict_on(Consistency consistency, bool durable = false) {
        return std::string(
            promise_state_names[static_cast<std::size_t>(judged(consistency, durable).state)]);
    }
    // Why it is untested; empty if it is not.
    std::string why(Consistency consistency) {
        const Verdict verdict = judged(consistency);
        EXPECT_EQ(!verdict.untested_because.empty(), verdict.state == PromiseState::untested);
        return std::string(verdict.untested_because);
    }

    ConsistencyCounts seen;
    Evidence evidence{.consistency = seen};
};

TEST_F(VerdictTest, ACleanRunKeepsEveryPromise) {
    for (const auto consistency : {Consistency::linearizable, Consistency::bounded_staleness,
                                   Consistency::eventual, Consistency::none}) {
        EXPECT_EQ(verdict_on(consistency, true), "kept");
    }
}

TEST_F(VerdictTest, WithoutReadsOrWritesNothingWasTested) {
    evidence.writes = 0;
    EXPECT_EQ(why(Consistency::linearizable), "nothing was written");
    seen.reads_checked = 0;
    EXPECT_EQ(why(Consistency::linearizable), "no read was judged");
}

TEST_F(VerdictTest, ARunInWhichNoReadCanBeOlderThanTheBoundDoesNotTestIt) {
    seen.reads_past_bound = 0;
    EXPECT_EQ(why(Consistency::bounded_staleness), "the run is shorter than the bound");
    seen.reads_past_bound = 1;
    EXPECT_EQ(why(Consistency::bounded_staleness), "");
}

TEST_F(VerdictTest, AReadPastItsBoundBreaksABoundedStalenessAlone) {
    seen.stale_reads = seen.contract_violations = 1;
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness), "broken");
    EXPECT_EQ(verdict_on(Consistency::eventual), "kept");
}

TEST_F(VerdictTest, AShortRunTestsWhatHasNoBound) {
    seen.reads_past_bound = 0;
    for (const auto consistency :
         {Consistency::linearizable, Consistency::eventual, Consistency::none}) {
        EXPECT_EQ(why(consistency), "");
    }
}

TEST_F(VerdictTest, AShortRunCanBreakThePartsThatItTests) {
    seen.reads_past_bound = 0;
    evidence.exposure_writes_max = 1;
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness, true), "broken");
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness, false), "untested");
    evidence.at_the_end.cache_stale = 1;
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness, false), "broken");
    EXPECT_EQ(why(Consistency::bounded_staleness), "");
}

TEST_F(VerdictTest, StaleReadsOfUnknownAgeLeaveABoundOnAgesUntested) {
    seen.stale_reads = 1;
    EXPECT_EQ(why(Consistency::bounded_staleness), "no stale read has a known age");
    seen.stale_age.add(std::chrono::milliseconds(5));
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness), "kept");
}

TEST_F(VerdictTest, AStaleReadBreaksOnlyLinearizable) {
    seen.stale_reads = 1;
    seen.stale_age.add(std::chrono::milliseconds(5));
    EXPECT_EQ(verdict_on(Consistency::linearizable), "broken");
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness), "kept");
    EXPECT_EQ(verdict_on(Consistency::eventual), "kept");
}

TEST_F(VerdictTest, AnEntryUnlikeTheStoreAfterDrainBreaksLinearizableInWhateverOrder) {
    for (const auto kind :
         {&Divergence::cache_stale, &Divergence::cache_ahead, &Divergence::cache_other}) {
        evidence.after_drain = {};
        evidence.after_drain.*kind = 1;
        EXPECT_EQ(verdict_on(Consistency::linearizable), "broken");
        EXPECT_EQ(verdict_on(Consistency::bounded_staleness), "kept");  // The TTL ended it.
    }
}

TEST_F(VerdictTest, AnEntryThatNothingEndsBreaksThePromisesThatWaitForTheTtl) {
    for (const auto kind :
         {&Divergence::cache_stale, &Divergence::cache_ahead, &Divergence::cache_other}) {
        evidence.at_the_end = {};
        evidence.at_the_end.*kind = 1;
        EXPECT_EQ(verdict_on(Consistency::bounded_staleness), "broken");
        EXPECT_EQ(verdict_on(Consistency::eventual), "broken");
        EXPECT_EQ(verdict_on(Consistency::none), "kept");
    }
}

TEST_F(VerdictTest, AnExposedWriteBreaksDurabilityAlone) {
    evidence.exposure_writes_max = 1;
    EXPECT_EQ(verdict_on(Consistency::eventual, true), "broken");
    EXPECT_EQ(verdict_on(Consistency::eventual, false), "kept");
}

TEST_F(VerdictTest, ACorruptValueBreaksEvenNoPromise) {
    seen.values_corrupt = 1;
    EXPECT_EQ(verdict_on(Consistency::none), "broken");
}

}  // namespace
}  // namespace stalemark
