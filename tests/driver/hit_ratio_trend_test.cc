// SPDX-License-Identifier: Apache-2.0
#include "driver/hit_ratio_trend.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace stalemark {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Looks until the time is over. `hits`: the hit ratio until a time, averaged from the start.
HitRatioTrend follow(double reads_per_second, Duration until,
                     const std::function<double(double)>& ratio_until) {
    HitRatioTrend trend(milliseconds(250));
    for (Duration at = trend.next_look(); at <= until; at = trend.next_look()) {
        const double time = std::chrono::duration<double>(at).count();
        const double reads = std::floor(reads_per_second * time);
        trend.note(at, static_cast<std::uint64_t>(reads),
                   static_cast<std::uint64_t>(reads * ratio_until(time)));
    }
    return trend;
}

double steady(double /*time*/) { return 0.8; }

TEST(HitRatioTrend, LooksFourTimesPerDoublingAndExactlyAtTheDoublings) {
    HitRatioTrend trend(milliseconds(250));
    std::vector<Duration> looks;
    for (int i = 0; i < 9; ++i) {
        looks.push_back(trend.next_look());
        trend.note(looks.back(), 0, 0);
    }
    EXPECT_EQ(looks[0], milliseconds(250));
    EXPECT_EQ(looks[4], milliseconds(500));
    EXPECT_EQ(looks[8], seconds(1));
    EXPECT_TRUE(std::is_sorted(looks.begin(), looks.end()));
}

TEST(HitRatioTrend, IsStableOnceManyReadsAgree) {
    EXPECT_TRUE(follow(1e6, seconds(1), steady).is_stable());
    EXPECT_DOUBLE_EQ(*follow(1e6, seconds(1), steady).ratio(), 0.8);
}

// At 0.8 a standard error of half a percentage point takes 6,400 reads on each side.
TEST(HitRatioTrend, IsNotStableOnTooFewReadsHoweverWellTheyAgree) {
    EXPECT_FALSE(follow(2, seconds(600), steady).is_stable());
    EXPECT_FALSE(follow(2, seconds(3'600), steady).is_stable());
    EXPECT_TRUE(follow(2, seconds(36'000), steady).is_stable());
}

TEST(HitRatioTrend, OfNoReadsAtAllIsNotStable) {
    const HitRatioTrend trend = follow(0, seconds(100), steady);
    EXPECT_FALSE(trend.is_stable());
    EXPECT_FALSE(trend.ratio());
}

TEST(HitRatioTrend, IsNotStableWhileACacheFills) {
    // A uniform key space that takes 100 s to be read once: 1 - e^(-t/100) at time t.
    const auto filling = [](double time) {
        return 1 - 100 / time * (1 - std::exp(-time / 100));
    };
    EXPECT_FALSE(follow(1e5, seconds(10), filling).is_stable());
    EXPECT_FALSE(follow(1e5, seconds(300), filling).is_stable());
    EXPECT_TRUE(follow(1e5, seconds(3'000), filling).is_stable());
}

// A driver that is late looks at the time that it is, and the halves are those of that time.
TEST(HitRatioTrend, TakesLateLooksForWhatTheyAre) {
    HitRatioTrend trend(milliseconds(250));
    for (const int ms : {400, 700, 1'500, 1'600}) trend.note(milliseconds(ms), 0, 0);
    EXPECT_GT(trend.next_look(), milliseconds(1'600));
    EXPECT_FALSE(trend.ratio());
    // 900,000 reads of the last half, 800,000 of them hits.
    trend.note(milliseconds(3'000), 900'000, 800'000);
    EXPECT_NEAR(*trend.ratio(), 8.0 / 9, 1e-9);
}

TEST(HitRatioTrend, OfNothingButMissesIsStable) {
    EXPECT_TRUE(follow(1e4, seconds(1), [](double) { return 0.0; }).is_stable());
}

}  // namespace
}  // namespace stalemark
