// SPDX-License-Identifier: Apache-2.0
// Numbers that must be the same on every platform, for results to be: pinned.

#include "core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace stalemark {
namespace {

std::vector<std::uint64_t> first_of(Random random, int count) {
    std::vector<std::uint64_t> numbers;
    for (int i = 0; i < count; ++i) numbers.push_back(random.next());
    return numbers;
}

// The first numbers that the reference implementation (Vigna, splitmix64.c) gives for this
// seed.
TEST(Random, IsSplitMix64) {
    const std::vector<std::uint64_t> expected = {6457827717110365317U, 3203168211198807973U,
                                                 9817491932198370423U, 4593380528125082431U,
                                                 16408922859458223821U};
    EXPECT_EQ(first_of(Random(1'234'567), 5), expected);
}

// From the test vectors of the hash's authors.
TEST(Random, NamesAreHashedByFnv1a) {
    EXPECT_EQ(hash_of(""), 0xcbf29ce484222325U);
    EXPECT_EQ(hash_of("a"), 0xaf63dc4c8601ec8cU);
    EXPECT_EQ(hash_of("foobar"), 0x85944171f73967e8U);
}

TEST(Random, NamedStreamsAreTheSameInEveryBuild) {
    EXPECT_EQ(Random::named(1, "store wire", 0).next(), 13827220347467602451U);
    EXPECT_EQ(Random::named(1, "store wire", 1).next(), 14702295975887869935U);
    EXPECT_EQ(Random::named(2, "store wire", 0).next(), 2413734782445320494U);
    EXPECT_EQ(Random::named(1, "cache wire", 0).next(), 4989560748075389552U);
}

TEST(Random, UnitsAndBoundsAreTheSameInEveryBuild) {
    Random random(7);
    EXPECT_EQ(random.unit(), 0x1.8f2f879164c82p-2);
    EXPECT_EQ(random.below(1'000'000), 16'788U);
    EXPECT_EQ(random.below(1), 0U);
    EXPECT_EQ(random.state(), 15755400384260043846U);
}

TEST(Random, UnitsLieInTheirInterval) {
    Random random(1);
    for (int i = 0; i < 100'000; ++i) {
        const double unit = random.unit();
        ASSERT_GE(unit, 0);
        ASSERT_LT(unit, 1);
    }
}

TEST(Random, EveryNumberBelowABoundComesAboutAsOften) {
    Random random(1);
    std::vector<int> counts(7);
    for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
    for (const int count : counts)
        EXPECT_NEAR(count, 10'000, 4 * 93);  // Standard deviation 93.
}

TEST(Random, LargeBoundsAreReached) {
    Random random(1);
    std::uint64_t most = 0;
    for (int i = 0; i < 1'000; ++i) most = std::max(most, random.below(~std::uint64_t{0}));
    EXPECT_GT(most, ~std::uint64_t{0} / 100 * 99);
}

TEST(Random, EachNameSeedAndNumberHasAStreamOfItsOwn) {
    std::set<std::uint64_t> seen;
    std::size_t streams = 0;
    for (const auto* name : {"operation kinds", "operation keys", "cache wire", "ttl", ""}) {
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            for (std::uint64_t number = 0; number < 100; ++number, streams += 3) {
                Random random = Random::named(seed, name, number);
                for (int i = 0; i < 3; ++i) seen.insert(random.next());
            }
        }
    }
    EXPECT_EQ(seen.size(), streams);
}

// Pearson's coefficient of the numbers that two streams give, draw by draw.
double correlation(Random left, Random right, int draws) {
    double sum = 0;
    for (int i = 0; i < draws; ++i) sum += (left.unit() - 0.5) * (right.unit() - 0.5);
    return 12 * sum / draws;  // A uniform number has variance 1/12.
}

TEST(Random, NeighbouringStreamsAreNotCorrelated) {
    constexpr int draws = 10'000;
    for (std::uint64_t number = 0; number < 50; ++number) {
        const Random one = Random::named(1, "wire", number);
        for (const Random& other :
             {Random::named(1, "wire", number + 1), Random::named(2, "wire", number),
              Random::named(1, "wirf", number)}) {
            EXPECT_LT(std::abs(correlation(one, other, draws)), 4.5 / std::sqrt(draws))
                << number;
        }
    }
}

// What each call of a wire draws: the first number of its own stream.
TEST(Random, TheFirstNumbersOfNeighbouringStreamsAreUniform) {
    constexpr int streams = 10'000;
    std::vector<double> units;
    double neighbours = 0;
    for (std::uint64_t number = 0; number < streams; ++number) {
        units.push_back(Random::named(1, "wire", number).unit());
        if (number > 0) neighbours += (units[number] - 0.5) * (units[number - 1] - 0.5);
    }
    const double mean = std::accumulate(units.begin(), units.end(), 0.0) / streams;
    EXPECT_NEAR(mean, 0.5, 4 * std::sqrt(1.0 / 12 / streams));
    EXPECT_LT(std::abs(12 * neighbours / streams), 4.5 / std::sqrt(streams));
}

}  // namespace
}  // namespace stalemark
