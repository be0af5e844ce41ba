// SPDX-License-Identifier: Apache-2.0
// Operations that are due whether or not the last one is done, in virtual time.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "driver/stalling_store.h"
#include "driver/virtual_run.h"

namespace stalemark {
namespace {

class OpenLoop : public testing::Test {
protected:
    void set(double rate, Duration duration, Arrival arrival = Arrival::constant) {
        run.phase().rate = rate;
        run.phase().arrival = arrival;
        run.driving.duration = duration;
    }

    // Reads answered later than this after they were sent, and after they were due.
    static std::uint64_t slow_services(const VirtualResult& result, Duration bound) {
        return result.reads().latency().count_above(bound);
    }
    static std::uint64_t slow_responses(const VirtualResult& result, Duration bound) {
        return result.reads().response.count_above(bound);
    }

    VirtualRun run;
};

TEST_F(OpenLoop, ConstantArrivalsComeExactlyAtTheirRate) {
    set(1'000, seconds(5));
    run.driving.clients = 4;
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 5'000U);
    EXPECT_EQ(result.driven.recorder.slip().count(), 5'000U);
    EXPECT_EQ(result.driven.recorder.slip().most(), Duration{0});
    EXPECT_EQ(result.driven.recorder.dropped(), 0U);
    EXPECT_TRUE(result.driven.is_open_loop);
}

// The count of a Poisson process has its mean for variance; 3.29 standard deviations hold 99.9%
// of runs. The seeds are fixed, so the test fails always or never.
TEST_F(OpenLoop, PoissonArrivalsComeAtTheirRateOnAverage) {
    constexpr double expected = 500 * 20;
    std::set<std::uint64_t> counts;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        VirtualRun one;
        one.phase().rate = 500;
        one.driving.duration = seconds(20);
        one.driving.clients = 3;
        one.driving.seed = seed;
        const auto count = one.carry_out("no_cache").reads().count;
        EXPECT_NEAR(static_cast<double>(count), expected, 3.29 * std::sqrt(expected)) << seed;
        counts.insert(count);
    }
    EXPECT_GT(counts.size(), 5U) << "the counts do not vary as those of a Poisson process do";
}

// One second of ten the store does not answer. A hundred operations come due in it: they wait 1
// s, 0.99 s, ... and, while the queue is worked off at 1 ms each, down to nothing. A client
// that only looks at what it sent would see a single slow operation.
TEST_F(OpenLoop, AStallShowsInTheResponseTimesOfAllThatCameDueInIt) {
    set(100, seconds(10));
    run.store_wire.latency = latency("1ms");
    run.wrap_store([&](Store& store) {
        return std::make_unique<StallingStore>(run.runtime(), store, seconds(5), seconds(6));
    });
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 1'000U);
    EXPECT_EQ(slow_services(result, milliseconds(2)), 1U);
    EXPECT_LT(result.reads().latency().quantile(0.99), milliseconds(2));

    // Due at 5 s + 10 k ms and answered at 6 s + (k + 1) ms, give or take the half that lies
    // before.
    EXPECT_NEAR(static_cast<double>(slow_responses(result, milliseconds(100))), 100, 2);
    EXPECT_NEAR(static_cast<double>(slow_responses(result, milliseconds(500))), 56, 2);
    EXPECT_NEAR(static_cast<double>(slow_responses(result, milliseconds(900))), 11, 2);
    EXPECT_GE(result.reads().response.most(), milliseconds(999));
    EXPECT_GT(result.reads().response.quantile(0.99), milliseconds(800));
    EXPECT_LT(result.reads().response.quantile(0.85), milliseconds(2));
}

TEST_F(OpenLoop, TheSlipIsHowLateOperationsWereSent) {
    set(100, seconds(10));
    run.store_wire.latency = latency("1ms");
    run.wrap_store([&](Store& store) {
        return std::make_unique<StallingStore>(run.runtime(), store, seconds(5), seconds(6));
    });
    const VirtualResult result = run.carry_out("no_cache");
    const Histogram& slip = result.driven.recorder.slip();
    EXPECT_EQ(slip.count(), 1'000U);
    EXPECT_EQ(slip.quantile(0.5), Duration{0});
    EXPECT_NEAR(1e-6 * static_cast<double>(slip.most().count()), 991, 2);  // The next one's.
}

TEST_F(OpenLoop, WhatTheStoreKeepsUpWithIsNeitherLateNorDropped) {
    set(90, seconds(10));
    run.store_wire.latency = latency("10ms");
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.driven.recorder.dropped(), 0U);
    EXPECT_EQ(result.driven.recorder.slip().most(), Duration{0});
    EXPECT_EQ(result.reads().response.most(), milliseconds(10));
}

TEST_F(OpenLoop, WhatCameDueAndWasNeverSentIsDropped) {
    set(1'000, seconds(10));
    run.store_wire.latency = latency("10ms");  // Four clients can send 400 a second.
    run.driving.clients = 4;
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 4'000U);
    EXPECT_EQ(result.driven.recorder.dropped(), 10'000U - 4'000U);
}

TEST_F(OpenLoop, WhatCameDueAfterTheEndIsNotDroppedThoughTheLastAnswerIsAwaited) {
    set(1'000, seconds(1));
    run.store_wire.latency = latency("300ms");
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.driven.elapsed, milliseconds(1'200));
    EXPECT_EQ(result.reads().count, 4U);
    EXPECT_EQ(result.driven.recorder.dropped(), 1'000U - 4U);
}

TEST_F(OpenLoop, NothingIsDroppedOfARunThatIsOverByItsOperations) {
    set(1'000, seconds(10));
    run.store_wire.latency = latency("10ms");
    run.driving.operations = 50;
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 50U);
    EXPECT_EQ(result.driven.recorder.dropped(), 0U);
}

TEST_F(OpenLoop, NoMoreIsDroppedThanTheOperationsThatWereAskedFor) {
    set(1'000, seconds(1));
    run.store_wire.latency = latency("10ms");
    run.driving.operations = 250;
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 100U);
    EXPECT_EQ(result.driven.recorder.dropped(), 150U);
}

TEST_F(OpenLoop, LastsItsTimeThoughNothingMoreIsDue) {
    set(0.5, seconds(5));
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 3U);  // At 0, 2 and 4 s.
    EXPECT_EQ(result.driven.elapsed, seconds(5));
}

}  // namespace
}  // namespace stalemark
