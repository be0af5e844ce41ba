// SPDX-License-Identifier: Apache-2.0
#include "core/portable_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/random.h"

namespace stalemark {
namespace {

constexpr int arguments = 200'000;

// Sums up the bits of what `function` makes of many arguments from least to most. Another
// digest on another machine: its simulations differ, too.
template <typename Function>
std::uint64_t digest_of(Function function, double least, double most) {
    Random random(1);
    std::uint64_t digest = 0;
    for (int i = 0; i < arguments; ++i) {
        const double x = least + (most - least) * random.unit();
        digest = mix(digest + 0x9e3779b97f4a7c15 + std::bit_cast<std::uint64_t>(function(x)));
    }
    return digest;
}

// The largest difference between two functions, as a share of the second or, below `least`, of
// that.
template <typename Function, typename Reference>
double largest_error(Function function, Reference reference, double from, double to,
                     double least = 0) {
    Random random(2);
    double largest = 0;
    for (int i = 0; i < arguments; ++i) {
        const double x = from + (to - from) * random.unit();
        const double expected = reference(x);
        const double off = std::abs(function(x) - expected);
        if (off > 0) largest = std::max(largest, off / std::max(std::abs(expected), least));
    }
    return largest;
}

double exact_normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

TEST(PortableMath, HasTheSameBitsOnEveryMachine) {
    EXPECT_EQ(digest_of(portable::exp, -60, 60), 0x1e23305064bcf7b4U);
    EXPECT_EQ(digest_of(portable::log, 1e-300, 1), 0x9a51e03cacd494eeU);
    EXPECT_EQ(digest_of(portable::log, 1, 1e18), 0xadbfa8274afb030bU);
    EXPECT_EQ(digest_of([](double x) { return portable::pow(x, 0.99); }, 1e-9, 1),
              0x8821cb94ec4d8cb2U);
    EXPECT_EQ(digest_of(portable::normal_below, -10, 10), 0x7756f57ac187d573U);
    EXPECT_EQ(digest_of([](double x) { return std::sqrt(x); }, 0, 1e9), 0x4a01e852f7905283U);
}

TEST(PortableMath, IsAsExactAsTheCLibrarysButForTheLastBit) {
    constexpr double last_bit = 0x1p-52;
    const auto exp = [](double x) { return std::exp(x); };
    const auto log = [](double x) { return std::log(x); };
    EXPECT_LE(largest_error(portable::exp, exp, -60, 60), last_bit);
    EXPECT_LE(largest_error(portable::exp, exp, -700, 709), last_bit);
    EXPECT_LE(largest_error(portable::log, log, 0, 1), last_bit);
    EXPECT_LE(largest_error(portable::log, log, 0.9, 1.1), last_bit);
    EXPECT_LE(largest_error(portable::log, log, 1, 1e18), last_bit);
    const auto pow = [](double x) { return std::pow(x, 1.5); };
    const auto own_pow = [](double x) { return portable::pow(x, 1.5); };
    EXPECT_LE(largest_error(own_pow, pow, 1e-6, 1), 1e-14);
    EXPECT_LE(largest_error(portable::normal_below, exact_normal_below, -12, 12, 1), 4e-15);
}

TEST(PortableMath, KnowsTheValuesThatAreExact) {
    EXPECT_EQ(portable::exp(0), 1);
    EXPECT_EQ(portable::log(1), 0);
    EXPECT_EQ(portable::exp(-1e9), 0);
    EXPECT_EQ(portable::exp(1e9), std::numeric_limits<double>::infinity());
    EXPECT_EQ(portable::pow(0.3, 0), 1);
    EXPECT_EQ(portable::pow(0.3, 1e9), 0);
    EXPECT_EQ(portable::normal_below(0), 0.5);
    EXPECT_EQ(portable::normal_below(-1e300), 0);
    EXPECT_EQ(portable::normal_below(1e300), 1);
}

}  // namespace
}  // namespace stalemark
