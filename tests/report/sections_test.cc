// SPDX-License-Identifier: Apache-2.0
// Figures as JSON: what was not measured is not there.

#include "report/sections.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace stalemark {
namespace {

using Names = std::vector<std::string>;

constexpr std::array<std::string_view, 2> kinds = {"read", "write"};

Names names_of(const Json& section) {
    Names names;
    for (const auto& [name, value] : section.items()) names.push_back(name);
    return names;
}

class Sections : public testing::Test {
protected:
    Json operations() const { return operations_section(recorder, kinds); }

    void add(std::size_t kind, std::size_t outcome, int began, int ended) {
        recorder.add(done(kind, outcome, began, ended));
    }
    void add_trouble(std::size_t kind, Ending ending, int ended) {
        Sample sample = done(kind, 0, 0, ended);
        sample.ending = ending;
        recorder.add(sample);
    }
    // Of an open loop; `timer`: its client was free before it was due.
    void add_late(int began, int ended, int slip, bool timer = false) {
        Sample sample = done(0, 0, began, ended);
        sample.is_open_loop = true;
        sample.lateness = {.slip = Duration(slip), .is_timers = timer};
        recorder.add(sample);
    }
    static Sample done(std::size_t kind, std::size_t outcome, int began, int ended) {
        return {.ended = Instant(ended),
                .latency = Duration(ended - began),
                .kind = static_cast<std::uint8_t>(kind),
                .outcome = static_cast<Outcome>(outcome)};
    }

    Recorder recorder{2, 2, Instant(0), Duration(100)};
};

TEST_F(Sections, QuantilesAreNamedByTheirShare) {
    Histogram histogram;
    for (int ns = 1; ns <= 100; ++ns) histogram.add(Duration(ns));
    const Json expected = {{"min", 1},   {"mean", 51},   {"p50", 50},   {"p90", 90},
                           {"p95", 95},  {"p99", 99},    {"p999", 100}, {"p9999", 100},
                           {"max", 100}, {"sum", 5'050}, {"count", 100}};
    EXPECT_EQ(quantiles(histogram), expected);
}

TEST_F(Sections, AnEmptyHistogramHasACountAndNothingElse) {
    EXPECT_EQ(quantiles(Histogram()), (Json{{"count", 0}}));
}

TEST_F(Sections, KindsThatNeverOccurredAreLeftOut) {
    EXPECT_EQ(operations(), Json::object());
    add(1, 1, 0, 10);
    EXPECT_EQ(names_of(operations()), (Names{"write"}));
}

TEST_F(Sections, OutcomesThatNeverOccurredAreLeftOut) {
    add(0, 0, 0, 10);
    add(0, 0, 0, 20);
    const Json read = operations().at("read");
    EXPECT_EQ(names_of(read.at("by_outcome")), (Names{"hit"}));
    EXPECT_EQ(read.at("by_outcome").at("hit").at("count"), 2);
    EXPECT_EQ(read.at("by_outcome").at("hit").at("latency_ns").at("max"), 20);
    EXPECT_EQ(read.at("latency_ns").at("count"), 2);
    EXPECT_FALSE(read.contains("response_ns")) << "a closed loop has none";
}

TEST_F(Sections, WhatFailedAndWhatIsUnknownHaveTheirSharesOfAllOperations) {
    add_trouble(0, Ending::failed, 10);
    for (int i = 0; i < 3; ++i) add_trouble(0, Ending::unknown, 20);
    const Json read = operations().at("read");
    EXPECT_EQ(read.at("failed_fraction"), 0.25);
    EXPECT_EQ(read.at("unknown_fraction"), 0.75);
}

TEST_F(Sections, OperationsThatAllFailedHaveLatenciesOfTheirOwn) {
    add_trouble(0, Ending::failed, 10);
    add_trouble(0, Ending::unknown, 20);
    const Json read = operations().at("read");
    EXPECT_EQ(read.at("count"), 2);
    EXPECT_EQ(read.at("failed"), 1);
    EXPECT_EQ(read.at("unknown"), 1);
    EXPECT_EQ(read.at("failed_fraction"), 0.5);
    EXPECT_EQ(read.at("unknown_fraction"), 0.5);
    EXPECT_EQ(read.at("failed_latency_ns").at("max"), 10);
    EXPECT_EQ(read.at("unknown_latency_ns").at("max"), 20);
    EXPECT_FALSE(read.contains("latency_ns"));
    EXPECT_EQ(read.at("by_outcome"), Json::object());
}

TEST_F(Sections, AnOpenLoopHasResponses) {
    add_late(0, 10, 490);
    EXPECT_EQ(operations().at("read").at("response_ns").at("p50"), 500);
}

TEST_F(Sections, OfferedIsCompletedAndDropped) {
    for (int i = 0; i < 3; ++i) add_late(0, 10, 7);
    recorder.add_dropped(2);
    const Json schedule = schedule_section(recorder, {});
    EXPECT_EQ(schedule.at("offered"), 5);
    EXPECT_EQ(schedule.at("completed"), 3);
    EXPECT_EQ(schedule.at("dropped"), 2);
    EXPECT_EQ(schedule.at("slip_ns").at("max"), 7);
}

TEST_F(Sections, OperationsOfClosedPhasesAreNoPartOfTheSchedule) {
    add(0, 0, 0, 10);
    add_late(10, 20, 0);
    EXPECT_EQ(schedule_section(recorder, {}).at("offered"), 1);
    EXPECT_EQ(schedule_section(recorder, {}).at("completed"), 1);
    EXPECT_FALSE(schedule_section(recorder, {.is_complete = false}).contains("offered"));
    EXPECT_FALSE(schedule_section(recorder, {.is_complete = false}).contains("dropped"));
}

TEST_F(Sections, TheScheduleTellsHowLateTimersWereWhereTimeIsReal) {
    add_late(0, 10, 30, true);
    add_late(0, 10, 70);
    const Json schedule =
        schedule_section(recorder, {.is_saturated = true, .clients_busy_max = 5});
    EXPECT_EQ(schedule.at("slip_ns").at("count"), 2);
    EXPECT_EQ(schedule.at("timer_slip_ns").at("count"), 1);
    EXPECT_EQ(schedule.at("timer_slip_ns").at("max"), 30);
    EXPECT_EQ(schedule.at("saturated"), true);
    EXPECT_EQ(schedule.at("clients_busy_max"), 5);
    EXPECT_FALSE(schedule_section(recorder, {.is_real_time = false}).contains("timer_slip_ns"));
}

TEST_F(Sections, TheTimelineShowsWhatEachIntervalAdded) {
    add(0, 0, 0, 10);
    Sample stale = done(0, 1, 0, 20);
    stale.is_stale = true;
    recorder.add(stale);
    add(0, 1, 200, 250);
    recorder.finish(Instant(260));
    const std::vector<StoreMark> marks = {{5, 3}, {9, 2}, {std::nullopt, 7}};
    const Json timeline = timeline_section(recorder, Duration(100), marks);
    const Json expected = {{{"at_ns", 0},
                            {"operations", 2},
                            {"hits", 1},
                            {"stale_reads", 1},
                            {"store_reads", 5},
                            {"concurrent_reads_max", 3},
                            {"p50_ns", 10},
                            {"p99_ns", 20}},
                           {{"at_ns", 100},
                            {"operations", 0},
                            {"hits", 0},
                            {"stale_reads", 0},
                            {"store_reads", 4},
                            {"concurrent_reads_max", 2}},
                           {{"at_ns", 200},
                            {"operations", 1},
                            {"hits", 0},
                            {"stale_reads", 0},
                            {"p50_ns", 50},
                            {"p99_ns", 50}}};
    EXPECT_EQ(timeline, expected);
}

TEST_F(Sections, TheTimelineShowsStaleHitsWhereThereAreSome) {
    constexpr std::size_t hit = 0;
    constexpr std::size_t stale_hit = 3;  // As core/answer.h numbers them.
    Recorder stale(1, 5, Instant(0), Duration(100));
    stale.add(done(0, stale_hit, 0, 10));
    stale.add(done(0, hit, 0, 110));
    stale.finish(Instant(120));
    const std::vector<StoreMark> marks = {{1, 1}, {1, 1}};
    const Json timeline = timeline_section(stale, Duration(100), marks);
    EXPECT_EQ(timeline[0].at("stale_hits"), 1);
    EXPECT_EQ(timeline[0].at("hits"), 0);
    EXPECT_FALSE(timeline[1].contains("stale_hits"));
}

TEST_F(Sections, TheTimelineCountsTheOperationsThatWereNotAnswered) {
    add(0, 0, 0, 10);
    add_trouble(0, Ending::failed, 20);
    add_trouble(0, Ending::unknown, 30);
    add(0, 0, 100, 110);
    recorder.finish(Instant(120));
    const Json timeline = timeline_section(recorder, Duration(100), std::vector<StoreMark>(2));
    EXPECT_EQ(timeline.at(0).at("operations"), 3);
    EXPECT_EQ(timeline.at(0).at("unanswered"), 2);
    EXPECT_FALSE(timeline.at(1).contains("unanswered"));
}

TEST_F(Sections, TheTimelineOfAnOpenLoopShowsTheWaitOfWhatEndedInEachInterval) {
    add_late(0, 10, 0);
    add_late(140, 150, 110);
    add_late(160, 170, 10);
    recorder.finish(Instant(180));
    const Json timeline = timeline_section(recorder, Duration(100), std::vector<StoreMark>(2));
    EXPECT_EQ(timeline.at(0).at("response_p99_ns"), 10);
    EXPECT_EQ(timeline.at(1).at("p99_ns"), 10);
    EXPECT_EQ(timeline.at(1).at("response_p50_ns"), 20);
    EXPECT_EQ(timeline.at(1).at("response_p99_ns"), 120);
}

TEST_F(Sections, HistogramsAreSparseAndOnlyOfWhatOccurred) {
    add(0, 0, 0, 10);
    add(0, 1, 0, 12);
    add_trouble(1, Ending::failed, 20);
    EXPECT_EQ(histograms_section(recorder, kinds, false), (Json{{"read", "10:1 12:1"},
                                                                {"read.hit", "10:1"},
                                                                {"read.miss", "12:1"},
                                                                {"write.failed", "20:1"}}));
}

TEST_F(Sections, AnOnlyOutcomeHasNoHistogramBesideThatOfItsKind) {
    add(0, 1, 0, 10);
    EXPECT_EQ(histograms_section(recorder, kinds, false), (Json{{"read", "10:1"}}));
}

TEST_F(Sections, AnOpenLoopHasHistogramsOfItsWaits) {
    add_late(0, 10, 80);
    EXPECT_EQ(
        histograms_section(recorder, kinds, false),
        (Json{{"read", "10:1"}, {"read.response_ns", "90:1"}, {"schedule.slip_ns", "80:1"}}));
}

TEST_F(Sections, ASumThatNoReaderCouldHoldIsLeftOut) {
    Histogram histogram;
    histogram.add(Duration::max());
    EXPECT_FALSE(quantiles(histogram).contains("sum"));
}

}  // namespace
}  // namespace stalemark
