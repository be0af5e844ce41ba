// When a promise counts as broken: each kind of evidence once, against each promise it
// concerns.

#include "cli/verdict.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

using Consistency = Promise::Consistency;

class VerdictTest : public testing::Test {
protected:
    VerdictTest() {
        seen.reads_checked = 1'000;
        evidence.writes = 100;
    }

    std::string verdict_on(Consistency consistency, bool durable = false) {
        const Promise promise = {
            .consistency = consistency, .bound = std::chrono::seconds(1), .durable = durable};
        return judge(promise, evidence).section.at("verdict").get<std::string>();
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
    EXPECT_EQ(verdict_on(Consistency::linearizable), "untested");
}

TEST_F(VerdictTest, StaleReadsOfUnknownAgeLeaveABoundOnAgesUntested) {
    seen.stale_reads = 1;
    EXPECT_EQ(verdict_on(Consistency::bounded_staleness), "untested");
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
