// SPDX-License-Identifier: Apache-2.0
#include "core/distribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/errors.h"
#include "core/types.h"
#include "core/units.h"

namespace stalemark {
namespace {

using testing::HasSubstr;

Distribution sizes(std::string_view text) {
    return Distribution::parse(text, parse_bytes, format_bytes);
}

Distribution durations(std::string_view text) {
    return Distribution::parse(
        text,
        [](std::string_view number) {
            return static_cast<std::uint64_t>(parse_duration(number).count());
        },
        [](std::uint64_t number) {
            return format_duration(Duration(static_cast<std::int64_t>(number)));
        });
}

std::vector<std::uint64_t> draw(const Distribution& distribution, std::size_t count,
                                std::uint64_t seed = 1) {
    Random random(seed);
    std::vector<std::uint64_t> drawn;
    for (std::size_t i = 0; i < count; ++i) drawn.push_back(distribution.sample(random));
    return drawn;
}

double mean_of(const std::vector<std::uint64_t>& numbers) {
    double sum = 0;
    for (const auto number : numbers) sum += static_cast<double>(number);
    return sum / static_cast<double>(numbers.size());
}

std::string complaint(std::string_view text) {
    try {
        sizes(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "(none)";
}

TEST(SizeDistribution, ConstantIsAlwaysTheSame) {
    const auto constant = sizes("4KiB");
    EXPECT_TRUE(constant.is_constant());
    EXPECT_EQ(constant.least(), 4'096U);
    EXPECT_EQ(constant.most(), 4'096U);
    EXPECT_DOUBLE_EQ(constant.mean(), 4'096);
    EXPECT_THAT(draw(constant, 100), testing::Each(4'096U));
    EXPECT_EQ(constant, Distribution(4'096));
}

TEST(SizeDistribution, UniformReachesBothEndsAndAllBetweenAlike) {
    const auto uniform = sizes("uniform(10,14)");
    EXPECT_FALSE(uniform.is_constant());
    EXPECT_DOUBLE_EQ(uniform.mean(), 12);
    std::map<std::uint64_t, int> counts;
    for (const auto number : draw(uniform, 50'000)) ++counts[number];
    ASSERT_EQ(counts.size(), 5U);
    EXPECT_EQ(counts.begin()->first, 10U);
    for (const auto& [number, count] : counts) EXPECT_NEAR(count, 10'000, 500) << number;
}

TEST(SizeDistribution, UniformMayHaveTheWidestRange) {
    const auto widest = durations("uniform(0,none)");
    EXPECT_EQ(widest.most(), static_cast<std::uint64_t>(Duration::max().count()));
    EXPECT_NEAR(mean_of(draw(widest, 10'000)) / widest.mean(), 1, 0.03);
}

TEST(SizeDistribution, LognormalHasTheMedianThatWasAskedFor) {
    const auto lognormal = sizes("lognormal(200,1.0)");
    auto drawn = draw(lognormal, 100'000);
    std::ranges::sort(drawn);
    EXPECT_NEAR(static_cast<double>(drawn[50'000]), 200, 4);
    EXPECT_NEAR(static_cast<double>(drawn[84'134]), 543.7, 15) << "one sigma above";
    EXPECT_NEAR(static_cast<double>(drawn[15'866]), 73.6, 3) << "one sigma below";
    EXPECT_NEAR(lognormal.mean(), 329.7, 0.1);
    EXPECT_NEAR(mean_of(drawn), lognormal.mean(), 5);
}

TEST(SizeDistribution, LognormalIsCutAtSixStandardDeviations) {
    const auto lognormal = sizes("lognormal(1000,0.5)");
    EXPECT_EQ(lognormal.least(), 50U);
    EXPECT_EQ(lognormal.most(), 20'086U);
    for (const auto number : draw(lognormal, 100'000)) {
        ASSERT_GE(number, lognormal.least());
        ASSERT_LE(number, lognormal.most());
    }
}

TEST(SizeDistribution, LognormalWithoutASpreadIsConstant) {
    const auto lognormal = sizes("lognormal(300,0)");
    EXPECT_TRUE(lognormal.is_constant());
    EXPECT_DOUBLE_EQ(lognormal.mean(), 300);
    EXPECT_THAT(draw(lognormal, 100), testing::Each(300U));
}

TEST(SizeDistribution, OnlyALognormalIsCutBelow) {
    auto lognormal = sizes("lognormal(20,1)");
    lognormal.cut_lognormal_below(16);
    EXPECT_EQ(lognormal.least(), 16U);
    const auto drawn = draw(lognormal, 100'000);
    EXPECT_EQ(std::ranges::min(drawn), 16U);
    EXPECT_NEAR(mean_of(drawn), lognormal.mean(), 0.5);
    EXPECT_GT(lognormal.mean(), sizes("lognormal(20,1)").mean() + 1);

    auto uniform = sizes("uniform(1,20)");
    uniform.cut_lognormal_below(16);
    EXPECT_EQ(uniform, sizes("uniform(1,20)"));
}

TEST(SizeDistribution, WeightedGivesEachValueItsShare) {
    const auto weighted = sizes("weighted(100:9,5KB:1)");
    EXPECT_EQ(weighted.least(), 100U);
    EXPECT_EQ(weighted.most(), 5'000U);
    EXPECT_DOUBLE_EQ(weighted.mean(), 590);
    const auto drawn = draw(weighted, 100'000);
    EXPECT_NEAR(static_cast<double>(std::ranges::count(drawn, 100U)), 90'000, 500);
    EXPECT_EQ(std::ranges::count(drawn, 100U) + std::ranges::count(drawn, 5'000U), 100'000);
}

TEST(SizeDistribution, DependsOnNothingButTheRandomNumbers) {
    for (const char* text : {"uniform(1,1000)", "lognormal(200,1)", "weighted(1:1,2:1)"}) {
        EXPECT_EQ(draw(sizes(text), 100), draw(sizes(text), 100)) << text;
        EXPECT_NE(draw(sizes(text), 100), draw(sizes(text), 100, 2)) << text;
    }
}

TEST(SizeDistribution, WritesATextThatReadsBack) {
    EXPECT_EQ(sizes("uniform( 10 , 1024 )").text(), "uniform(10,1KiB)");
    EXPECT_EQ(durations("weighted(60s:0.5,none:1)").text(), "weighted(1m:0.5,none:1)");
    for (const char* text :
         {"100", "uniform(10,1000)", "lognormal(200,1.25)", "weighted(100:9,5000:0.1)"}) {
        const auto once = sizes(text);
        const auto twice = sizes(once.text());
        EXPECT_EQ(once, twice);
        EXPECT_EQ(once.text(), twice.text());
    }
}

TEST(SizeDistribution, DiffersFromEveryOther) {
    const std::vector<std::string> texts = {"100",
                                            "101",
                                            "uniform(100,101)",
                                            "uniform(100,102)",
                                            "lognormal(100,1)",
                                            "lognormal(100,2)",
                                            "weighted(100:1,101:1)",
                                            "weighted(100:1,101:2)"};
    for (const auto& one : texts) {
        for (const auto& other : texts) {
            EXPECT_EQ(sizes(one) == sizes(other), one == other) << one << " " << other;
        }
    }
}

TEST(SizeDistribution, WrongFormSaysWhichFormsThereAre) {
    for (const char* text : {"uniform(1)", "uniform(1,2", "uniform(1,2,3)", "normal(1,2)",
                             "lognormal(1)", "weighted", "(1,2)", "uniform 1 2)"}) {
        EXPECT_NE(complaint(text), "(none)") << text;
    }
    EXPECT_THAT(
        complaint("normal(1,2)"),
        HasSubstr("expected one number or uniform(LEAST,MOST), lognormal(MEDIAN,SIGMA)"));
}

TEST(SizeDistribution, WrongNumberSaysWhichNumberWasExpected) {
    EXPECT_THAT(complaint("lots"), HasSubstr("expected a size such as 100"));
    EXPECT_EQ(complaint("uniform(9,x)"),
              "\"uniform(9,x)\": expected a size such as 100, 64KiB or 2MB (whole bytes, below "
              "2^63), got \"x\"");
    EXPECT_THAT(complaint("uniform(9,8)"), HasSubstr("expected the smaller number first"));
    EXPECT_THAT(complaint("uniform(-9,8)"), HasSubstr("got \"-9\""));
    EXPECT_THAT(complaint("lognormal(0,1)"), HasSubstr("expected a median above 0"));
    EXPECT_THAT(complaint("lognormal(100,nan)"), HasSubstr("expected a number from 0 to 10"));
    EXPECT_THAT(complaint("lognormal(100,-1)"), HasSubstr("expected a number from 0 to 10"));
    EXPECT_THAT(complaint("lognormal(1TiB,9)"), HasSubstr("stay below 2^63"));
    EXPECT_THAT(complaint("weighted(100)"), HasSubstr("expected VALUE:WEIGHT"));
    EXPECT_THAT(complaint("weighted(100:0)"), HasSubstr("expected a number from 1e-09"));
    EXPECT_THAT(complaint("weighted()"), HasSubstr("expected VALUE:WEIGHT"));
}

}  // namespace
}  // namespace stalemark
