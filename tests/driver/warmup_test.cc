// SPDX-License-Identifier: Apache-2.0
// What goes before the measured part, in virtual time.

#include <gtest/gtest.h>

#include <bit>
#include <utility>
#include <vector>

#include "driver/virtual_run.h"

namespace stalemark {
namespace {

class Warmup : public testing::Test {
protected:
    VirtualRun run;
};

TEST_F(Warmup, LastsAsLongAsAskedAndIsNotRecorded) {
    run.store_wire.latency = latency("10ms");
    run.driving.warmup = seconds(2);
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.driven.warmup.duration, seconds(2));
    EXPECT_EQ(result.driven.elapsed, seconds(1));
    EXPECT_EQ(result.reads().count, 100U);
    EXPECT_EQ(result.store.reads, 300U);
    EXPECT_EQ(result.driven.consistency.reads_checked, 100U);
}

TEST_F(Warmup, CountsForHowOldAReadCanBeFromItsFirstWriteOn) {
    run.store_wire.latency = latency("10ms");
    run.driving.warmup = seconds(2);
    run.driving.duration = seconds(1);
    run.bound = milliseconds(2'500);
    EXPECT_EQ(run.carry_out("no_cache").driven.consistency.reads_past_bound, 0U);
    run.phase().mix = {.read = 0.5, .write = 0.5};
    // Of the last half second, half of an operation every 10 ms.
    const std::uint64_t reads = run.carry_out("no_cache").driven.consistency.reads_past_bound;
    EXPECT_GT(reads, 13U);
    EXPECT_LT(reads, 37U);
}

TEST_F(Warmup, SpendsNoneOfTheOperations) {
    run.driving.operations = 10;
    run.store_wire.latency = latency("10ms");
    run.driving.warmup = seconds(1);
    EXPECT_EQ(run.carry_out("no_cache").reads().count, 10U);
}

TEST_F(Warmup, AsksOtherThingsThanTheMeasuredPart) {
    std::vector<std::vector<Key>> asked(1);
    class Listening final : public Strategy {
    public:
        Listening(const Parts& parts, std::vector<std::vector<Key>>& asked)
            : Strategy(parts), asked_(asked) {}
        Result<Answer> read(Key key) override {
            asked_.back().push_back(key);
            runtime.sleep_for(milliseconds(10));
            return Answer{store.get(key).value(), Outcome::bypass};
        }
        Result<void> write(Key, const std::optional<Bytes>&) override { return {}; }

    private:
        std::vector<std::vector<Key>>& asked_;
    };
    run.driving.warmup = seconds(1);
    run.driving.duration = seconds(1);
    run.hooks.on_measure = [&] { asked.emplace_back(); };
    run.carry_out(
        [&](const Parts& parts) { return std::make_unique<Listening>(parts, asked); });
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_EQ(asked[0].size(), 100U);
    EXPECT_EQ(asked[1].size(), 100U);
    EXPECT_NE(asked[0], asked[1]);
}

TEST_F(Warmup, TellsHowFarItIsAndWhenItIsOver) {
    run.store_wire.latency = latency("10ms");
    run.driving.warmup = seconds(1);
    run.driving.duration = seconds(1);
    std::vector<Duration> told;
    Instant measured_from{0};
    run.hooks.on_warmup = [&](Duration at) { told.push_back(at); };
    run.hooks.on_measure = [&] { measured_from = run.runtime().now(); };
    run.carry_out("no_cache");
    EXPECT_GE(told.size(), 10U);
    EXPECT_LE(told.back(), seconds(1));
    EXPECT_EQ(measured_from, seconds(1));
}

// Of a cache that fits all, whose hit ratio approaches 1.
TEST_F(Warmup, EndsOnceTheHitRatioIsStable) {
    run.spec.keys = 2'000;
    run.phase().popularity.kind = Popularity::Kind::uniform;
    run.cache_wire.latency = latency("100us");
    run.store_wire.latency = latency("1ms");
    run.driving.warmup.reset();
    run.driving.clients = 4;
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out("cache_aside");
    EXPECT_GE(result.driven.warmup.duration, seconds(1));
    EXPECT_LT(result.driven.warmup.duration, seconds(5));
    EXPECT_EQ(result.driven.warmup.ended, WarmupEnd::stable);
    EXPECT_TRUE(result.driven.warmup.is_stable);
    EXPECT_GT(*result.driven.warmup.hit_ratio, 0.9);
    const auto& hits = result.reads().by_outcome[static_cast<std::size_t>(Outcome::hit)];
    EXPECT_GT(static_cast<double>(hits.count()),
              0.99 * static_cast<double>(result.reads().count));
}

TEST_F(Warmup, EndsWithoutAnyReadsToo) {
    run.phase().mix = {.read = 0, .write = 1};
    run.store_wire.latency = latency("10ms");
    run.driving.warmup.reset();
    run.driving.duration = seconds(1);
    EXPECT_LT(run.carry_out("no_cache").driven.warmup.duration, seconds(2));
}

// Answers with hits until the time has doubled, with `other` until it has doubled again, and so
// on.
class Flighty final : public Strategy {
public:
    Flighty(const Parts& parts, Outcome other) : Strategy(parts), other_(other) {}
    Result<Answer> read(Key key) override {
        runtime.sleep_for(milliseconds(10));
        const auto now = static_cast<std::uint64_t>(runtime.now().count());
        const bool is_hit = std::bit_width(now) % 2 == 0;
        return Answer{store.get(key).value(), is_hit ? Outcome::hit : other_};
    }
    Result<void> write(Key, const std::optional<Bytes>&) override { return {}; }

private:
    const Outcome other_;
};

TEST_F(Warmup, CountsAStaleHitAsAHit) {
    run.driving.clients = 50;
    run.driving.warmup.reset();
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out([](const Parts& parts) {
        return std::make_unique<Flighty>(parts, Outcome::stale_hit);
    });
    EXPECT_LT(result.driven.warmup.duration, seconds(2));
    EXPECT_EQ(result.driven.warmup.hit_ratio, 1.0);
}

TEST_F(Warmup, OfAHitRatioThatIsNeverStableEndsAllTheSame) {
    run.driving.clients = 50;
    run.driving.warmup.reset();
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out(
        [](const Parts& parts) { return std::make_unique<Flighty>(parts, Outcome::miss); });
    EXPECT_GE(result.driven.warmup.duration, seconds(30));
    EXPECT_LT(result.driven.warmup.duration, seconds(31));
    EXPECT_EQ(result.driven.warmup.ended, WarmupEnd::limit);
    EXPECT_FALSE(result.driven.warmup.is_stable);
}

// Two reads a second: what looks stable after a second rests on two reads. In virtual time the
// warm-up goes on until it rests on enough.
TEST_F(Warmup, OfFewReadsTakesAsLongAsThereAreEnough) {
    run.spec.keys = 1'000;
    run.phase().rate = 2;
    run.driving.clients = 16;
    run.driving.sessions = 100;
    run.driving.is_virtual = true;
    run.driving.warmup.reset();
    run.driving.duration = seconds(3'600);
    const VirtualResult result = run.carry_out("cache_aside");
    EXPECT_EQ(result.driven.warmup.ended, WarmupEnd::stable);
    EXPECT_GT(result.driven.warmup.operations, 1'000U);
    EXPECT_GT(*result.driven.warmup.hit_ratio, 0.95);
    const auto& hits = result.reads().by_outcome[static_cast<std::size_t>(Outcome::hit)];
    EXPECT_NEAR(static_cast<double>(hits.count()) / static_cast<double>(result.reads().count),
                *result.driven.warmup.hit_ratio, 0.02);
}

TEST_F(Warmup, OfFewReadsInRealTimeEndsAtItsLimitAndSaysSo) {
    run.spec.keys = 1'000;
    run.phase().rate = 2;
    run.driving.clients = 4;
    run.driving.sessions = 100;
    run.driving.warmup.reset();
    run.driving.duration = seconds(10);
    const VirtualResult result = run.carry_out("cache_aside");
    EXPECT_EQ(result.driven.warmup.ended, WarmupEnd::limit);
    EXPECT_FALSE(result.driven.warmup.is_stable);
}

TEST_F(Warmup, SaysWhetherItWasStableWhenItsLengthWasGiven) {
    for (const auto& [length, is_stable] :
         {std::pair(seconds(2), false), {seconds(60), true}}) {
        VirtualRun one;
        one.spec.keys = 20'000;
        one.phase().popularity.kind = Popularity::Kind::uniform;
        one.cache_wire.latency = latency("100us");
        one.store_wire.latency = latency("1ms");
        one.driving.clients = 4;
        one.driving.duration = seconds(1);
        one.driving.warmup = length;
        const auto warmup = one.carry_out("cache_aside").driven.warmup;
        EXPECT_EQ(warmup.ended, WarmupEnd::duration);
        EXPECT_EQ(warmup.is_stable, is_stable) << length.count();
        EXPECT_EQ(warmup.duration / seconds(1), length / seconds(1));
    }
}

TEST_F(Warmup, KeepsToTheRateOfAnOpenLoop) {
    run.phase().rate = 100;
    run.phase().arrival = Arrival::constant;
    run.driving.warmup = seconds(2);
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 100U);
    EXPECT_EQ(result.store.reads, 300U);
    EXPECT_EQ(result.driven.recorder.slip().count(), 100U);
}

TEST_F(Warmup, WhatASessionDidInItIsRemembered) {
    run.spec.keys = 4;
    run.phase().mix = {.read = 0.5, .write = 0.5};
    run.store_wire.latency = latency("10ms");
    run.driving.warmup = seconds(2);
    run.driving.operations = 40;
    const ConsistencyCounts counts = run.carry_out("no_cache").driven.consistency;
    EXPECT_EQ(counts.read_your_writes_eligible, counts.reads_checked);
}

TEST_F(Warmup, CountsEveryOperationThatEndedInItAndLastsUntilTheLastDid) {
    run.phase().mix = {.read = 0.5, .write = 0.5};
    run.store_wire.latency = latency("300ms");
    run.driving.clients = 3;
    run.driving.warmup = seconds(1);
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.driven.warmup.duration, milliseconds(1'200));
    EXPECT_EQ(result.driven.warmup.operations, 12U);
    EXPECT_EQ(result.driven.elapsed, milliseconds(1'200));
    EXPECT_EQ(result.driven.recorder.ended(), 12U);
}

// Hits from this instant on.
class Late final : public Strategy {
public:
    Late(const Parts& parts, Instant from) : Strategy(parts), from_(from) {}
    Result<Answer> read(Key key) override {
        const bool is_hit = runtime.now() >= from_;
        runtime.sleep_for(milliseconds(1));
        return Answer{store.get(key).value(), is_hit ? Outcome::hit : Outcome::miss};
    }
    Result<void> write(Key, const std::optional<Bytes>&) override { return {}; }

private:
    const Instant from_;
};

TEST_F(Warmup, HasTheHitRatioOfItsLastHalf) {
    for (const auto& [from, ratio] : {std::pair(seconds(4), 1.0), {seconds(6), 0.5}}) {
        VirtualRun one;
        one.driving.warmup = seconds(8);
        one.driving.duration = seconds(1);
        const VirtualResult result = one.carry_out(
            [&](const Parts& parts) { return std::make_unique<Late>(parts, from); });
        EXPECT_EQ(result.driven.warmup.operations, 8'000U);
        // A read that ends as the half begins may be on either side.
        EXPECT_NEAR(*result.driven.warmup.hit_ratio, ratio, 0.001);
    }
}

// Their hit ratio is that of any read, and must be stable as that must.
TEST_F(Warmup, OfReadModifyWritesAloneIsNotStableBeforeTheirReadsAre) {
    run.phase().mix = {.read = 0, .read_modify_write = 1};
    run.driving.clients = 50;
    run.driving.warmup.reset();
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out(
        [](const Parts& parts) { return std::make_unique<Flighty>(parts, Outcome::miss); });
    EXPECT_EQ(result.driven.warmup.ended, WarmupEnd::limit);
    EXPECT_FALSE(result.driven.warmup.is_stable);
}

TEST_F(Warmup, AStopInItLeavesNothingMeasured) {
    run.store_wire.latency = latency("10ms");
    run.driving.warmup = seconds(60);
    run.driving.duration = seconds(60);
    run.beside([&] {
        run.runtime().sleep_until(seconds(1));
        run.stop = true;
    });
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_FALSE(result.driven.is_complete);
    EXPECT_EQ(result.driven.recorder.ended(), 0U);
    EXPECT_LT(result.driven.warmup.duration, seconds(2));
    EXPECT_EQ(result.driven.warmup.ended, WarmupEnd::interrupted);
}

}  // namespace
}  // namespace stalemark
