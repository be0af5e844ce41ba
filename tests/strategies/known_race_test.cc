// SPDX-License-Identifier: Apache-2.0
// The rows of known races: each is complete and its test exists.

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "strategies/claimed_race.h"

namespace stalemark {
namespace {

bool is_registered(std::string_view name) {
    const testing::UnitTest& tests = *testing::UnitTest::GetInstance();
    for (int i = 0; i < tests.total_test_suite_count(); ++i) {
        const testing::TestSuite& suite = *tests.GetTestSuite(i);
        for (int j = 0; j < suite.total_test_count(); ++j) {
            if (std::string(suite.name()) + "." + suite.GetTestInfo(j)->name() == name)
                return true;
        }
    }
    return false;
}

class KnownRacesOf : public testing::TestWithParam<StrategyEntry> {};

TEST_P(KnownRacesOf, EachIsCompleteAndItsTestExists) {
    const StrategyEntry& strategy = GetParam();
    for (const auto mode :
         {Invalidate::none, Invalidate::erase, Invalidate::set, Invalidate::event}) {
        for (const std::uint32_t nodes : {1U, 2U}) {
            std::set<std::string_view> names;
            for (const KnownRace& race :
                 strategy.races({.negative_ttl = std::chrono::seconds(1), .invalidate = mode},
                                {.nodes = nodes})) {
                EXPECT_TRUE(names.insert(race.name).second) << race.name << " twice";
                EXPECT_TRUE(is_registered(race.test)) << race.test;
                EXPECT_TRUE(std::ranges::all_of(race.name, [](char c) {
                    return std::islower(c) != 0 || c == '_';
                })) << race.name;
                EXPECT_TRUE(race.story.ends_with('.')) << race.story;
                EXPECT_EQ(race.story.find(". "), std::string_view::npos) << race.story;
                EXPECT_GE(race.clients, 1U) << race.name;
                EXPECT_GE(race.steps, race.clients) << race.name;
            }
        }
    }
}

TEST_P(KnownRacesOf, OnlyAStrategyWithoutACacheHasNone) {
    EXPECT_EQ(default_races(GetParam()).empty(), !GetParam().traits.has_cache);
}

INSTANTIATE_TEST_SUITE_P(Catalog, KnownRacesOf, testing::ValuesIn(all_strategies()),
                         [](const auto& entry) { return std::string(entry.param.name); });

TEST(KnownRaceTest, TheTestOfNoNameDoesNotExist) {
    EXPECT_FALSE(is_registered("HazardOfSettings.Nothing"));
}

}  // namespace
}  // namespace stalemark
