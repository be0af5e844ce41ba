// SPDX-License-Identifier: Apache-2.0
// Schedules by chance come to what schedules can come to, and, of small programs, to all of it.

#include "explore/schedule_sampling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "explore/exploration.h"
#include "explore_setup.h"

namespace stalemark {
namespace {

using Outcomes = std::set<std::string>;

Outcomes all_outcomes(const ExploredSetup& setup) {
    Outcomes outcomes;
    ScheduleRuntime runtime;
    const SearchCounts counts =
        search_schedules(setup, runtime, {}, [&](const FoundSchedule& found) {
            return outcomes.insert(key_of(found.outcome)), true;
        });
    EXPECT_TRUE(counts.is_exhaustive);
    return outcomes;
}

Outcomes sampled(const ExploredSetup& setup, Sampling kind, std::uint64_t seeds) {
    Outcomes outcomes;
    ScheduleRuntime runtime;
    const SearchCounts counts = sample_schedules(
        setup, runtime, {.kind = kind, .seeds = seeds}, [&](const FoundSchedule& found) {
            return outcomes.insert(key_of(found.outcome)), true;
        });
    EXPECT_EQ(counts.schedules, seeds);
    EXPECT_FALSE(counts.is_exhaustive);
    return outcomes;
}

class OfEachKind : public testing::TestWithParam<Sampling> {};

// What takes three preemptions is beyond the two changes of pct.
TEST_P(OfEachKind, ComesToAllThatASmallProgramCanComeTo) {
    const ExploredSetup setup = setup_of("cache_aside", "w | r r");
    const Outcomes all = all_outcomes(setup);
    const Outcomes some = sampled(setup, GetParam(), 5'000);
    EXPECT_EQ(all.size(), 9);
    EXPECT_EQ(some.size(), GetParam() == Sampling::pct ? 8 : 9);
    EXPECT_TRUE(std::ranges::includes(all, some));
}

TEST_P(OfEachKind, ComesToNothingElse) {
    ExploredSetup faulty = setup_of("write_through", "w | w | r r", "lease");
    faulty.faults = {.evictions = 1, .limits = 1};
    ExploredSetup dying = setup_of("write_behind", "w | r r");
    dying.system.fleet.nodes = 2;
    dying.faults.crashes = 1;
    for (const ExploredSetup& setup : {faulty, dying}) {
        const Outcomes all = all_outcomes(setup);
        const Outcomes some = sampled(setup, GetParam(), 2'000);
        EXPECT_TRUE(std::ranges::includes(all, some));
        EXPECT_GT(some.size(), 10);
    }
}

TEST_P(OfEachKind, GivesASeedOneSchedule) {
    const ExploredSetup setup = setup_of("read_through", "w r | w | r r");
    EXPECT_EQ(sampled(setup, GetParam(), 300), sampled(setup, GetParam(), 300));
    EXPECT_NE(sampled(setup, GetParam(), 300), sampled(setup, GetParam(), 30));
}

INSTANTIATE_TEST_SUITE_P(Of, OfEachKind,
                         testing::Values(Sampling::pos, Sampling::random, Sampling::pct),
                         [](const auto& one) {
                             return std::string(
                                 sampling_names[static_cast<std::size_t>(one.param)]);
                         });

double unseen_after(std::uint64_t seeds) {
    return explore(setup_of("cache_aside", "w r | w | r r"),
                   {.has_witnesses = false, .sampling = SamplingSettings{.seeds = seeds}})
        .unseen();
}

// Of 854 outcomes few are left after 200,000 schedules.
TEST(Sampling, EstimatesHowMuchIsUnseen) {
    EXPECT_EQ(unseen_after(1), 1);
    EXPECT_GT(unseen_after(100), 0.2);
    EXPECT_LT(unseen_after(100), 0.9);
    EXPECT_LT(unseen_after(200'000), 0.001);
}

// The chance that the next schedule comes to a new outcome, from many of them.
TEST(Sampling, EstimatesItWell) {
    constexpr std::uint64_t begun = 1'000;
    constexpr std::uint64_t next = 1'000;
    const ExploredSetup setup = setup_of("cache_aside", "w r | w | r r");
    Outcomes first;
    std::uint64_t number = 0;
    std::uint64_t news = 0;
    ScheduleRuntime runtime;
    sample_schedules(setup, runtime, {.seeds = begun + next}, [&](const FoundSchedule& found) {
        std::string key = key_of(found.outcome);
        if (number++ < begun) {
            first.insert(std::move(key));
        } else if (!first.contains(key)) {
            ++news;
        }
        return true;
    });
    const double share = static_cast<double>(news) / static_cast<double>(next);
    EXPECT_NEAR(unseen_after(begun), share, 0.04);  // Three standard deviations of both.
}

}  // namespace
}  // namespace stalemark
