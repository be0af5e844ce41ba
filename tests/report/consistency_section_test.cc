// SPDX-License-Identifier: Apache-2.0
// What the judges found, as JSON.

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "report/sections.h"

namespace stalemark {
namespace {

TEST(ConsistencySection, WithoutCheckedReadsThereIsNoStaleFraction) {
    const Json section = consistency_section({});
    EXPECT_EQ(section.at("stale_reads"), 0);
    for (const auto* name : {"stale_fraction", "stale_age_ns", "version_lag_max",
                             "session_coverage", "session_lookups"}) {
        EXPECT_FALSE(section.contains(name)) << name;
    }
}

TEST(ConsistencySection, FreshReadsHaveAFractionAndNoAge) {
    ConsistencyCounts counts;
    counts.reads_checked = 8;
    const Json section = consistency_section(counts);
    EXPECT_EQ(section.at("stale_fraction"), 0.0);
    EXPECT_FALSE(section.contains("stale_age_ns"));
    EXPECT_FALSE(section.contains("version_lag_max"));
}

TEST(ConsistencySection, EveryCountOfConsistencyIsShownUnderItsName) {
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
    counts.ages_at_least = 15;
    counts.stale_by_design = 14;
    counts.stale_by_design_age.add(Duration(110));
    const Json section = consistency_section(counts);
    const std::vector<std::pair<const char*, double>> expected = {
        {"reads_checked", 8},
        {"stale_reads", 2},
        {"stale_fraction", 0.25},
        {"ages_sampled", 1},
        {"ages_at_least", 15},
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

TEST(ConsistencySection, AgesShowNoQuantileThatTakesMoreOfThem) {
    ConsistencyCounts counts;
    const auto ages = [&](int number) {
        while (counts.stale_age.count() < static_cast<std::uint64_t>(number))
            counts.stale_age.add(Duration(100));
        return consistency_section(counts).at("stale_age_ns");
    };
    EXPECT_EQ(ages(1).size(), 5U);  // min, mean, max, sum and count.
    EXPECT_TRUE(ages(2).contains("p50"));
    EXPECT_FALSE(ages(9).contains("p90"));
    EXPECT_TRUE(ages(10).contains("p90"));
    EXPECT_FALSE(ages(19).contains("p95"));
    EXPECT_FALSE(ages(99).contains("p99"));
    EXPECT_TRUE(ages(100).contains("p99"));
    EXPECT_FALSE(ages(999).contains("p999"));
    EXPECT_EQ(ages(10'000).size(), 11U);
}

TEST(ConsistencySection, DivergenceIsShownInFull) {
    const Json expected = {{"resident", 1},
                           {"cache_stale", 2},
                           {"cache_ahead", 3},
                           {"cache_other", 4},
                           {"store_lost", 5}};
    EXPECT_EQ(divergence_section({1, 2, 3, 4, 5}), expected);
}

}  // namespace
}  // namespace stalemark
