// SPDX-License-Identifier: Apache-2.0
// The rows of known races: each is complete and its test exists.

#include <gtest/gtest.h>

#include <cctype>
#include <set>

#include "core/words.h"
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

class KnownRacesUnder : public testing::TestWithParam<GuardEntry> {
protected:
    static std::set<std::string_view> names_of(std::string_view strategy,
                                               const Settings& settings) {
        std::set<std::string_view> names;
        for (const KnownRace& race : find_strategy(strategy).races(settings, {})) {
            names.insert(race.name);
            EXPECT_TRUE(is_registered(race.test)) << race.test;
        }
        return names;
    }
};

// GuardPromises plays what is declared.
TEST_P(KnownRacesUnder, ARaceThatTheGuardPreventsIsNotAmongThemAndOneThatItLeavesIs) {
    const GuardPromise& promise = GetParam().promise;
    for (const auto* strategy : {"cache_aside", "write_through"}) {
        const bool sets = std::string_view(strategy) == "write_through";
        const Settings settings{.invalidate = sets ? Invalidate::set : Invalidate::erase,
                                .guard = &GetParam()};
        const auto names = names_of(strategy, settings);
        const std::string_view fills = sets ? promise.fill_over_set : promise.fill_over_erase;
        EXPECT_EQ(names.contains("overtaken_fill"), !has_word(fills, "none"));
        EXPECT_EQ(names.contains("fill_after_eviction"),
                  has_word(fills, "none") && !has_word(fills, "eviction"));
        EXPECT_EQ(names.contains("fill_after_lock"),
                  has_word(fills, "none") && !has_word(fills, "expiry"));
        EXPECT_EQ(names.contains("fill_after_forgetting"), GetParam().traits.remembers);
        const std::string_view sets_over = promise.set_over_set;
        EXPECT_EQ(names.contains("inverted_writers"), sets && !has_word(sets_over, "none"));
        EXPECT_EQ(names.contains("inverted_after_lock"),
                  sets && has_word(sets_over, "none") && !has_word(sets_over, "expiry"));
    }
}

TEST_P(KnownRacesUnder, NoGuardReachesACopyThatTheWriteDoesNot) {
    const Settings settings{.invalidate = Invalidate::erase, .guard = &GetParam()};
    const KnownRaces races = find_strategy("cache_aside").races(settings, {.nodes = 2});
    EXPECT_TRUE(find_race(races, "overtaken_fill"));
    EXPECT_TRUE(find_race(races, "unseen_write"));
}

// A near cache copies what it finds in the shared one, whatever is near meanwhile.
TEST_P(KnownRacesUnder, NoGuardSeesWhatANearCacheCopiesFromASharedOne) {
    const Settings settings{.invalidate = Invalidate::erase, .guard = &GetParam()};
    const KnownRaces races =
        find_strategy("cache_aside").races(settings, {.are_layered = true});
    EXPECT_TRUE(find_race(races, "overtaken_fill"));
}

TEST_P(KnownRacesUnder, ErasingBeforeTheStoreIsMendedByLocksOfReadersAlone) {
    const Settings settings{
        .invalidate = Invalidate::erase, .order = Order::cache_first, .guard = &GetParam()};
    const bool is_mended =
        GetParam().traits.locks && has_word(GetParam().promise.fill_over_erase, "none");
    EXPECT_EQ(names_of("cache_aside", settings).contains("early_fill"), !is_mended);
}

INSTANTIATE_TEST_SUITE_P(Guards, KnownRacesUnder, testing::ValuesIn(all_guards()),
                         [](const auto& entry) { return std::string(entry.param.name); });

TEST(KnownRaceTest, WhatASettingOpensIsAmongThemWithATestThatPlaysIt) {
    const auto opens = [](std::string_view strategy, const Settings& settings,
                          std::string_view race) {
        const auto found = find_race(find_strategy(strategy).races(settings, {}), race);
        EXPECT_TRUE(found && is_registered(found->test)) << race;
        EXPECT_FALSE(find_race(default_races(find_strategy(strategy)), race)) << race;
    };
    opens("cache_aside", {.order = Order::cache_first}, "early_fill");
    opens("cache_aside", {.late_delete_alone = true}, "late_delete");
    opens("write_behind", {.invalidate = Invalidate::set, .looks_into_queue = false},
          "evicted_from_queue");
    opens("write_behind", {.invalidate = Invalidate::set, .flushers = 2}, "unordered_flush");
}

INSTANTIATE_TEST_SUITE_P(Catalog, KnownRacesOf, testing::ValuesIn(all_strategies()),
                         [](const auto& entry) { return std::string(entry.param.name); });

TEST(KnownRaceTest, TheTestOfNoNameDoesNotExist) {
    EXPECT_FALSE(is_registered("HazardOfSettings.Nothing"));
}

}  // namespace
}  // namespace stalemark
