// SPDX-License-Identifier: Apache-2.0
#include "workload/zipf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>
#include <string>
#include <vector>

#include "workload/chi_square.h"

namespace stalemark {
namespace {

std::vector<double> exact_shares(std::size_t ranks, double theta) {
    std::vector<double> shares;
    for (std::size_t rank = 1; rank <= ranks; ++rank) {
        shares.push_back(std::pow(static_cast<double>(rank), -theta));
    }
    const double sum = std::reduce(shares.rbegin(), shares.rend());
    for (double& share : shares) share /= sum;
    return shares;
}

std::vector<std::uint64_t> draw(std::size_t ranks, double theta, int draws) {
    const Zipf zipf(ranks, theta);
    Random random(7);
    std::vector<std::uint64_t> counts(ranks, 0);
    for (int i = 0; i < draws; ++i) ++counts.at(zipf.draw(random) - 1);
    return counts;
}

struct Law {
    std::size_t ranks;
    double theta;

    friend std::ostream& operator<<(std::ostream& out, const Law& law) {
        return out << law.ranks << " ranks, theta " << law.theta;
    }
};

class ZipfOf : public testing::TestWithParam<Law> {};

TEST_P(ZipfOf, FollowsItsLaw) {
    const auto [ranks, theta] = GetParam();
    const auto counts = draw(ranks, theta, 400'000);
    EXPECT_LT(std::abs(deviation(counts, exact_shares(ranks, theta))), 4);
}

std::vector<Law> all_laws() {
    std::vector<Law> laws;
    for (const std::size_t ranks : {1U, 2U, 3U, 64U, 129U, 1'000U, 50'000U}) {
        for (const double theta : {0.0, 0.5, 0.99, 1.0, 1.0 + 1e-12, 1.2, 3.0, 50.0}) {
            laws.push_back({ranks, theta});
        }
    }
    return laws;
}

INSTANTIATE_TEST_SUITE_P(AllThetas, ZipfOf, testing::ValuesIn(all_laws()),
                         [](const auto& tested) {
                             const auto thousandths = std::lround(tested.param.theta * 1000);
                             return std::to_string(tested.param.ranks) + "_ranks_" +
                                    std::to_string(thousandths) + "_" +
                                    std::to_string(tested.index);
                         });

TEST(Zipf, IsToldFromItsNeighbours) {
    EXPECT_GT(deviation(draw(1'000, 0.99, 400'000), exact_shares(1'000, 1.0)), 4);
    EXPECT_GT(deviation(draw(1'000, 0.05, 400'000), exact_shares(1'000, 0.0)), 4);
    auto one_rank_short = draw(99, 0.99, 400'000);
    one_rank_short.push_back(0);
    EXPECT_GT(deviation(one_rank_short, exact_shares(100, 0.99)), 4);
}

// The sum of rank^-theta over first .. last by Euler and Maclaurin's formula.
double mass(double first, double last, double theta) {
    const auto weight = [&](double x) { return std::pow(x, -theta); };
    const double integral =
        theta == 1 ? std::log(last / first)
                   : (std::pow(last, 1 - theta) - std::pow(first, 1 - theta)) / (1 - theta);
    return integral + (weight(first) + weight(last)) / 2 +
           theta * (weight(first) / first - weight(last) / last) / 12;
}

TEST(Zipf, OfABillionRanksIsSetUpWithoutCountingThem) {
    constexpr double ranks = 1e9;
    for (const double theta : {0.0, 0.5, 0.99, 1.0, 1.2}) {
        const Zipf zipf(1'000'000'000, theta);
        EXPECT_LT(zipf.bins(), 1'300U);

        // The decades against the sums of the law.
        double head = 0;
        for (int rank = 1; rank < 10; ++rank) head += std::pow(rank, -theta);
        std::vector<double> shares = {head};
        for (double first = 10; first < ranks; first *= 10) {
            shares.push_back(mass(first, first * 10 - 1, theta));
        }
        shares.back() += std::pow(ranks, -theta);
        const double sum = std::reduce(shares.begin(), shares.end());
        for (double& share : shares) share /= sum;

        std::vector<std::uint64_t> counts(shares.size(), 0);
        Random random(3);
        for (int i = 0; i < 4'000'000; ++i) {
            const auto rank = zipf.draw(random);
            ASSERT_LE(rank, 1'000'000'000U);
            const auto decade = static_cast<std::size_t>(std::log10(static_cast<double>(rank)));
            ++counts[std::min(decade, counts.size() - 1)];
        }
        // Decades in which next to nothing is expected come first if theta is small.
        std::ranges::reverse(shares);
        std::ranges::reverse(counts);
        EXPECT_LT(std::abs(deviation(counts, shares)), 4) << theta;
    }
}

TEST(Zipf, ReachesTheLastOfTheMostRanks) {
    constexpr std::uint64_t most = 0xffffffff;
    const Zipf zipf(most, 0);
    Random random(1);
    std::uint64_t largest = 0;
    for (int i = 0; i < 100'000; ++i) largest = std::max(largest, zipf.draw(random));
    EXPECT_LE(largest, most);
    EXPECT_GT(largest, most - most / 1'000);
}

TEST(Zipf, DependsOnNothingButTheRandomNumbers) {
    const Zipf zipf(1'000, 0.99);
    Random one(5);
    Random other(5);
    for (int i = 0; i < 1'000; ++i) ASSERT_EQ(zipf.draw(one), zipf.draw(other));
}

}  // namespace
}  // namespace stalemark
