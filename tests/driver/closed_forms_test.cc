// SPDX-License-Identifier: Apache-2.0
// A hot key under Poisson reads and writes has closed forms; the whole chain, from the workload
// to the judges, must come out at them.
//
// Reads come at rate r and writes at rate w, the cache is asked and filled in no time, and an
// entry lives for T. A cycle begins when a read misses and fills, and goes on with rT hits on
// average; the next read after the expiry is the next miss.
//
//   hits            rT of the 1 + rT reads of a cycle
//   stale reads     a hit at age a is stale if a write came in (0, a]:
//                   r times the integral of 1 - e^(-wa) over 0..T = r (T - (1 - e^(-wT)) / w)
//   sum of ages     E[time since the first write | at a] = a - (1 - e^(-wa)) / w:
//                   r (T^2 / 2 - (T - (1 - e^(-wT)) / w) / w)
//
// Where writes invalidate, the entry lives until the first write or T: (1 - e^(-wT)) / w on
// average.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "driver/virtual_run.h"

namespace stalemark {
namespace {

constexpr double r = 40;   // Reads a second.
constexpr double w = 2.5;  // Writes a second.
constexpr double T = 0.4;  // Seconds.

constexpr int runs = 10;

VirtualResult play(std::uint64_t seed, Invalidate invalidate) {
    VirtualRun run;
    run.spec.keys = 1;
    run.phase().mix = {.read = r / (r + w), .write = w / (r + w)};
    run.phase().rate = r + w;
    run.settings.ttl_of = [](Key) { return Duration(std::llround(1e9 * T)); };
    run.settings.invalidate = invalidate;
    run.driving.clients = 2;
    run.driving.duration = seconds(120);
    run.driving.seed = seed;
    return run.carry_out("cache_aside");
}

using Figure = std::function<double(const VirtualResult&)>;

// Ten runs with seeds of their own give ten independent figures, each the average over some
// three hundred cycles and so close to normal: Student's interval with nine degrees of freedom
// holds their mean in 99.9% of all cases. The seeds are fixed: the test fails always or never.
// An interval wider than a tenth of the figure would prove nothing.
void expect_mean(const std::array<VirtualResult, runs>& results, const Figure& figure,
                 double expected) {
    constexpr double student_999 = 4.781;
    double sum = 0;
    double squares = 0;
    for (const VirtualResult& result : results) {
        sum += figure(result);
        squares += figure(result) * figure(result);
    }
    const double mean = sum / runs;
    const double variance = (squares - runs * mean * mean) / (runs - 1);
    const double half_width = student_999 * std::sqrt(variance / runs);
    EXPECT_NEAR(mean, expected, half_width);
    EXPECT_LT(half_width, expected / 10);
}

std::array<VirtualResult, runs> play_all(Invalidate invalidate) {
    std::array<VirtualResult, runs> results = {
        play(1, invalidate), play(2, invalidate), play(3, invalidate), play(4, invalidate),
        play(5, invalidate), play(6, invalidate), play(7, invalidate), play(8, invalidate),
        play(9, invalidate), play(10, invalidate)};
    return results;
}

double share(std::uint64_t part, std::uint64_t whole) {
    return static_cast<double>(part) / static_cast<double>(whole);
}

double hit_ratio(const VirtualResult& result) {
    const auto& hits = result.reads().by_outcome[static_cast<std::size_t>(Outcome::hit)];
    return share(hits.count(), result.reads().count);
}

TEST(ClosedForms, OfACacheThatIsOnlyInvalidatedByItsTtl) {
    const auto results = play_all(Invalidate::none);
    const double reads = 1 + r * T;
    const double fresh = (1 - std::exp(-w * T)) / w;
    expect_mean(results, hit_ratio, r * T / reads);
    expect_mean(
        results,
        [](const VirtualResult& result) {
            return share(result.driven.consistency.stale_reads,
                         result.driven.consistency.reads_checked);
        },
        r * (T - fresh) / reads);
    expect_mean(
        results,
        [](const VirtualResult& result) {
            const Histogram& age = result.driven.consistency.stale_age;
            return 1e-9 * static_cast<double>(age.mean().count()) *
                   share(age.count(), result.driven.consistency.reads_checked);
        },
        r * (T * T / 2 - (T - fresh) / w) / reads);
}

TEST(ClosedForms, OfACacheThatWritesInvalidate) {
    const auto results = play_all(Invalidate::erase);
    const double hits = r * (1 - std::exp(-w * T)) / w;
    expect_mean(results, hit_ratio, hits / (1 + hits));
    for (const VirtualResult& result : results) {
        EXPECT_EQ(result.driven.consistency.stale_reads, 0U);
    }
}

}  // namespace
}  // namespace stalemark
