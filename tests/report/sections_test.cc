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
constexpr std::array<std::string_view, 2> outcomes = {"hit", "miss"};

Names names_of(const Json& section) {
    Names names;
    for (const auto& [name, value] : section.items()) names.push_back(name);
    return names;
}

class Sections : public testing::Test {
protected:
    Json operations() const { return operations_section(recorder, kinds, outcomes); }

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
    recorder.add_done(1, 1, Instant(0), Instant(10));
    EXPECT_EQ(names_of(operations()), (Names{"write"}));
}

TEST_F(Sections, OutcomesThatNeverOccurredAreLeftOut) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_done(0, 0, Instant(0), Instant(20));
    const Json read = operations().at("read");
    EXPECT_EQ(names_of(read.at("by_outcome")), (Names{"hit"}));
    EXPECT_EQ(read.at("by_outcome").at("hit").at("count"), 2);
    EXPECT_EQ(read.at("by_outcome").at("hit").at("latency_ns").at("max"), 20);
    EXPECT_EQ(read.at("latency_ns").at("count"), 2);
    EXPECT_FALSE(read.contains("response_ns")) << "a closed loop has none";
}

TEST_F(Sections, OperationsThatAllFailedHaveCountsAndNoLatency) {
    recorder.add_trouble(0, Ending::failed, Instant(10));
    recorder.add_trouble(0, Ending::unknown, Instant(20));
    const Json read = operations().at("read");
    EXPECT_EQ(read.at("count"), 2);
    EXPECT_EQ(read.at("failed"), 1);
    EXPECT_EQ(read.at("unknown"), 1);
    EXPECT_FALSE(read.contains("latency_ns"));
    EXPECT_EQ(read.at("by_outcome"), Json::object());
}

TEST_F(Sections, AnOpenLoopHasResponses) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_response(0, Duration(500));
    EXPECT_EQ(operations().at("read").at("response_ns").at("p50"), 500);
}

TEST_F(Sections, OfferedIsCompletedAndDropped) {
    for (int i = 0; i < 3; ++i) {
        recorder.add_done(0, 0, Instant(0), Instant(10));
        recorder.add_slip(Duration(7));
    }
    recorder.add_dropped(2);
    const Json schedule = schedule_section(recorder, true);
    EXPECT_EQ(schedule.at("offered"), 5);
    EXPECT_EQ(schedule.at("completed"), 3);
    EXPECT_EQ(schedule.at("dropped"), 2);
    EXPECT_EQ(schedule.at("slip_ns").at("max"), 7);
}

TEST_F(Sections, OperationsOfClosedPhasesAreNoPartOfTheSchedule) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_done(0, 0, Instant(10), Instant(20));
    recorder.add_slip(Duration(0));
    EXPECT_EQ(schedule_section(recorder, true).at("offered"), 1);
    EXPECT_EQ(schedule_section(recorder, true).at("completed"), 1);
    EXPECT_FALSE(schedule_section(recorder, false).contains("offered"));
    EXPECT_FALSE(schedule_section(recorder, false).contains("dropped"));
}

TEST_F(Sections, TheTimelineShowsWhatEachIntervalAdded) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_done(0, 1, Instant(0), Instant(20));
    recorder.add_stale();
    recorder.add_done(0, 1, Instant(200), Instant(250));
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
    stale.add_done(0, stale_hit, Instant(0), Instant(10));
    stale.add_done(0, hit, Instant(0), Instant(110));
    stale.finish(Instant(120));
    const std::vector<StoreMark> marks = {{1, 1}, {1, 1}};
    const Json timeline = timeline_section(stale, Duration(100), marks);
    EXPECT_EQ(timeline[0].at("stale_hits"), 1);
    EXPECT_EQ(timeline[0].at("hits"), 0);
    EXPECT_FALSE(timeline[1].contains("stale_hits"));
}

TEST_F(Sections, TheTimelineCountsTheOperationsThatWereNotAnswered) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_trouble(0, Ending::failed, Instant(20));
    recorder.add_trouble(0, Ending::unknown, Instant(30));
    recorder.add_done(0, 0, Instant(100), Instant(110));
    recorder.finish(Instant(120));
    const Json timeline = timeline_section(recorder, Duration(100), std::vector<StoreMark>(2));
    EXPECT_EQ(timeline.at(0).at("operations"), 3);
    EXPECT_EQ(timeline.at(0).at("unanswered"), 2);
    EXPECT_FALSE(timeline.at(1).contains("unanswered"));
}

TEST_F(Sections, TheTimelineOfAnOpenLoopShowsTheWaitOfWhatEndedInEachInterval) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_response(0, Duration(10));
    recorder.add_done(0, 0, Instant(140), Instant(150));
    recorder.add_response(0, Duration(120));
    recorder.add_done(0, 0, Instant(160), Instant(170));
    recorder.add_response(0, Duration(20));
    recorder.finish(Instant(180));
    const Json timeline = timeline_section(recorder, Duration(100), std::vector<StoreMark>(2));
    EXPECT_EQ(timeline.at(0).at("response_p99_ns"), 10);
    EXPECT_EQ(timeline.at(1).at("p99_ns"), 10);
    EXPECT_EQ(timeline.at(1).at("response_p50_ns"), 20);
    EXPECT_EQ(timeline.at(1).at("response_p99_ns"), 120);
}

TEST_F(Sections, HistogramsAreSparseAndOnlyOfWhatOccurred) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_done(0, 1, Instant(0), Instant(12));
    recorder.add_trouble(1, Ending::failed, Instant(20));
    EXPECT_EQ(histograms_section(recorder, kinds, outcomes),
              (Json{{"read", "10:1 12:1"}, {"read.hit", "10:1"}, {"read.miss", "12:1"}}));
}

TEST_F(Sections, AnOnlyOutcomeHasNoHistogramBesideThatOfItsKind) {
    recorder.add_done(0, 1, Instant(0), Instant(10));
    EXPECT_EQ(histograms_section(recorder, kinds, outcomes), (Json{{"read", "10:1"}}));
}

TEST_F(Sections, AnOpenLoopHasHistogramsOfItsWaits) {
    recorder.add_done(0, 0, Instant(0), Instant(10));
    recorder.add_response(0, Duration(90));
    recorder.add_slip(Duration(80));
    EXPECT_EQ(
        histograms_section(recorder, kinds, outcomes),
        (Json{{"read", "10:1"}, {"read.response_ns", "90:1"}, {"schedule.slip_ns", "80:1"}}));
}

TEST_F(Sections, ASumThatNoReaderCouldHoldIsLeftOut) {
    Histogram histogram;
    histogram.add(Duration::max());
    EXPECT_FALSE(quantiles(histogram).contains("sum"));
}

TEST_F(Sections, WithoutCheckedReadsThereIsNoStaleFraction) {
    const Json section = consistency_section({});
    EXPECT_EQ(section.at("stale_reads"), 0);
    for (const auto* name : {"stale_fraction", "stale_age_ns", "version_lag_max",
                             "session_coverage", "session_lookups"}) {
        EXPECT_FALSE(section.contains(name)) << name;
    }
}

TEST_F(Sections, FreshReadsHaveAFractionAndNoAge) {
    ConsistencyCounts counts;
    counts.reads_checked = 8;
    const Json section = consistency_section(counts);
    EXPECT_EQ(section.at("stale_fraction"), 0.0);
    EXPECT_FALSE(section.contains("stale_age_ns"));
    EXPECT_FALSE(section.contains("version_lag_max"));
}

TEST_F(Sections, EveryCountOfConsistencyIsShownUnderItsName) {
    ConsistencyCounts counts;
    counts.reads_checked = 8;
    counts.stale_reads = 2;
    counts.read_your_writes_eligible = 3;
    counts.read_your_writes_violations = 4;
    counts.monotonic_reads_eligible = 5;
    counts.monotonic_reads_violations = 6;
    counts.phantom_reads = 7;
    counts.reads_of_open_writes = 9;
    counts.values_corrupt = 10;
    counts.session_lookups = 12;
    counts.session_found = 3;
    counts.version_lag_max = 13;
    counts.stale_age.add(Duration(100));
    counts.stale_by_design = 14;
    counts.stale_by_design_age.add(Duration(110));
    const Json section = consistency_section(counts);
    const std::vector<std::pair<const char*, double>> expected = {
        {"reads_checked", 8},
        {"stale_reads", 2},
        {"stale_fraction", 0.25},
        {"ages_sampled", 1},
        {"version_lag_max", 13},
        {"stale_by_design", 14},
        {"read_your_writes_eligible", 3},
        {"read_your_writes_violations", 4},
        {"monotonic_reads_eligible", 5},
        {"monotonic_reads_violations", 6},
        {"session_lookups", 12},
        {"session_found", 3},
        {"session_coverage", 0.25},
        {"phantom_reads", 7},
        {"reads_of_unacknowledged", 9},
        {"values_corrupt", 10}};
    for (const auto& [name, value] : expected) EXPECT_EQ(section.at(name), value) << name;
    EXPECT_EQ(section.at("stale_age_ns").at("max"), 100);
    EXPECT_EQ(section.at("stale_by_design_age_ns").at("max"), 110);
    EXPECT_EQ(section.size(), expected.size() + 2);
}

TEST_F(Sections, DivergenceIsShownInFull) {
    const Json expected = {{"resident", 1},
                           {"cache_stale", 2},
                           {"cache_ahead", 3},
                           {"cache_other", 4},
                           {"store_lost", 5}};
    EXPECT_EQ(divergence_section({1, 2, 3, 4, 5}), expected);
}

}  // namespace
}  // namespace stalemark
