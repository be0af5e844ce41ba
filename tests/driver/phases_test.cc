// SPDX-License-Identifier: Apache-2.0
// A run of several phases, and a run that is stopped, in virtual time.

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "driver/virtual_run.h"

namespace stalemark {
namespace {

constexpr Mix reads_only{.read = 1};
constexpr Mix writes_only{.read = 0, .write = 1};

class Phases : public testing::Test {
protected:
    VirtualRun run;
};

TEST_F(Phases, EachHasAMixARateAndALengthOfItsOwn) {
    run.spec.phases = {{.name = "calm",
                        .duration = seconds(2),
                        .mix = reads_only,
                        .rate = 100,
                        .arrival = Arrival::constant},
                       {.name = "rush",
                        .duration = seconds(3),
                        .mix = writes_only,
                        .rate = 500,
                        .arrival = Arrival::constant}};
    run.driving.duration = seconds(60);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 200U);
    EXPECT_EQ(result.writes().count, 1'500U);
    const auto& timeline = result.driven.recorder.timeline();
    ASSERT_GE(timeline.size(), 5U);
    EXPECT_EQ(timeline[1].operations, 100U);
    EXPECT_EQ(timeline[2].operations, 500U);
}

TEST_F(Phases, OneMayEndByItsOperations) {
    run.spec.phases = {{.name = "first", .operations = 30, .mix = writes_only},
                       {.name = "second", .mix = reads_only}};
    run.driving.clients = 4;
    run.driving.operations = 100;
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.writes().count, 30U);
    EXPECT_EQ(result.reads().count, 70U);
}

TEST_F(Phases, TheRunsDurationCutsThemShort) {
    run.store_wire.latency = latency("10ms");
    run.spec.phases = {{.name = "first", .duration = seconds(2), .mix = reads_only},
                       {.name = "second", .duration = seconds(2), .mix = writes_only},
                       {.name = "never", .duration = seconds(2), .mix = reads_only}};
    run.driving.duration = seconds(3);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 200U);
    EXPECT_EQ(result.writes().count, 100U);
    EXPECT_EQ(result.driven.elapsed, seconds(3));
}

TEST_F(Phases, AnOpenPhaseThatTheRunNeverComesToDropsNothing) {
    run.spec.phases = {
        {.name = "first", .duration = seconds(2), .mix = reads_only, .rate = 10},
        {.name = "never", .duration = seconds(2), .mix = reads_only, .rate = 10}};
    run.driving.duration = seconds(1);
    EXPECT_EQ(run.carry_out("no_cache").driven.recorder.dropped(), 0U);
}

TEST_F(Phases, WhatOneDropsIsNotOfferedAgainInTheNext) {
    const Phase phase = {.name = "busy",
                         .duration = seconds(2),
                         .mix = reads_only,
                         .rate = 1'000,
                         .arrival = Arrival::constant};
    for (const auto& [operations, sent] :
         std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1'500, 667}, {3'000, 1'334}}) {
        VirtualRun one;
        one.store_wire.latency = latency("3ms");
        one.spec.phases = {phase, phase};
        one.driving.operations = operations;
        const VirtualResult result = one.carry_out("no_cache");
        EXPECT_EQ(result.reads().count, sent);
        EXPECT_EQ(result.reads().count + result.driven.recorder.dropped(), operations);
    }
}

TEST_F(Phases, ClosedAndOpenOnesMayFollowEachOther) {
    run.store_wire.latency = latency("10ms");
    run.spec.phases = {{.name = "closed", .duration = seconds(1), .mix = reads_only},
                       {.name = "open",
                        .duration = seconds(1),
                        .mix = writes_only,
                        .rate = 20,
                        .arrival = Arrival::constant}};
    run.driving.duration = seconds(10);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 100U);
    EXPECT_EQ(result.reads().response.count(), 0U);
    EXPECT_EQ(result.writes().count, 20U);
    EXPECT_EQ(result.writes().response.count(), 20U);
    EXPECT_EQ(result.driven.recorder.slip().count(), 20U);
    EXPECT_TRUE(result.driven.is_open_loop);
}

// One operation every 5 ms, and each takes 10.
TEST_F(Phases, OnesThatClientsFallBehindInOrAreAllBusyInAreNotForgottenInTheNext) {
    const Phase rush = {.name = "rush",
                        .duration = seconds(2),
                        .mix = reads_only,
                        .rate = 200,
                        .arrival = Arrival::constant};
    Phase calm = rush;
    calm.rate = 10;
    for (const std::vector<Phase>& phases : {std::vector{rush, calm}, {calm, rush}}) {
        VirtualRun one;
        one.store_wire.latency = latency("10ms");
        one.spec.phases = phases;
        one.driving.duration = seconds(60);
        const VirtualResult result = one.carry_out("no_cache");
        EXPECT_TRUE(result.driven.is_saturated);
        EXPECT_EQ(result.driven.recorder.dropped(), 200U);
    }
    for (const std::vector<Phase>& phases : {std::vector{rush, calm}, {calm, rush}}) {
        VirtualRun one;
        one.store_wire.latency = latency("14ms");
        one.spec.phases = phases;
        one.driving.clients = 8;
        one.driving.duration = seconds(60);
        const VirtualResult result = one.carry_out("no_cache");
        EXPECT_FALSE(result.driven.is_saturated);
        EXPECT_EQ(result.driven.clients_busy_max, 3U);
    }
}

class StoppedRun : public Phases {
protected:
    void stop_at(Instant when) {
        run.beside([this, when] {
            run.runtime().sleep_until(when);
            run.stop = true;
        });
    }
};

TEST_F(StoppedRun, EndsSoonAndSaysSo) {
    run.store_wire.latency = latency("10ms");
    run.driving.duration = seconds(60);
    stop_at(seconds(1));
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_FALSE(result.driven.is_complete);
    EXPECT_GE(result.reads().count, 100U);
    EXPECT_LE(result.driven.elapsed, seconds(1) + milliseconds(100));
}

TEST_F(StoppedRun, WakesClientsThatWaitForTheirTurn) {
    run.phase().rate = 0.001;
    run.phase().arrival = Arrival::constant;
    run.driving.duration = seconds(10'000);
    run.driving.clients = 3;
    stop_at(seconds(1));
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_FALSE(result.driven.is_complete);
    EXPECT_LE(result.driven.elapsed, seconds(1) + milliseconds(150));
    EXPECT_EQ(result.driven.recorder.dropped(), 0U);
}

TEST_F(StoppedRun, GoesThroughNoFurtherPhase) {
    run.store_wire.latency = latency("10ms");
    run.spec.phases = {{.name = "first", .duration = seconds(5), .mix = reads_only},
                       {.name = "second", .duration = seconds(5), .mix = writes_only}};
    run.driving.duration = seconds(60);
    stop_at(seconds(1));
    EXPECT_EQ(run.carry_out("no_cache").writes().count, 0U);
}

TEST_F(StoppedRun, DrainsAQueueNonetheless) {
    run.phase().mix = writes_only;
    run.settings.flush_delay = seconds(60);
    run.store_wire.latency = latency("10ms");
    run.cache_wire.latency = latency("1ms");
    run.driving.duration = seconds(60);
    stop_at(seconds(1));
    const VirtualResult result = run.carry_out("write_behind");
    EXPECT_GT(result.exposure_writes_max, 0U);
    EXPECT_EQ(result.after_drain.store_lost, 0U);
}

}  // namespace
}  // namespace stalemark
