// SPDX-License-Identifier: Apache-2.0
#include "measure/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/errors.h"
#include "core/random.h"

namespace stalemark {
namespace {

TEST(Histogram, EveryBucketBeginsWhereTheOneBeforeItEnds) {
    for (std::size_t bucket = 0; bucket < 3'000; ++bucket) {
        EXPECT_EQ(Histogram::bucket_of(Histogram::lower_of(bucket)), bucket);
        EXPECT_EQ(Histogram::bucket_of(Histogram::upper_of(bucket) - 1), bucket);
    }
}

TEST(Histogram, IsExactBelow128Nanoseconds) {
    for (int ns = 0; ns < 128; ++ns) {
        Histogram histogram;
        histogram.add(Duration(ns));
        histogram.add(Duration(1'000'000));
        EXPECT_EQ(histogram.quantile(0.5), Duration(ns));
    }
}

TEST(Histogram, QuantilesAreRightToOnePercentOverNineDecades) {
    Random random(7);
    std::vector<std::int64_t> sorted;
    Histogram histogram;
    for (int i = 0; i < 100'000; ++i) {
        const auto ns = static_cast<std::int64_t>(std::pow(10.0, 9 * random.unit()));
        sorted.push_back(ns);
        histogram.add(Duration(ns));
    }
    std::ranges::sort(sorted);
    for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 100'000)) - 1;
        const auto exact = static_cast<double>(sorted[rank]);
        EXPECT_NEAR(static_cast<double>(histogram.quantile(share).count()), exact,
                    0.008 * exact + 1);
    }
    EXPECT_EQ(histogram.least().count(), sorted.front());
    EXPECT_EQ(histogram.most().count(), sorted.back());
}

TEST(Histogram, TheQuantileOfOneValueIsThatValue) {
    Histogram histogram;
    histogram.add(Duration(123'456'789));
    for (const double share : {0.0, 0.5, 1.0}) {
        EXPECT_EQ(histogram.quantile(share), Duration(123'456'789));
    }
    EXPECT_EQ(histogram.mean(), Duration(123'456'789));
}

TEST(Histogram, TakesTheLongestDurationThereIs) {
    Histogram histogram;
    histogram.add(Duration::max());
    EXPECT_EQ(histogram.most(), Duration::max());
    EXPECT_EQ(histogram.quantile(0.5), Duration::max());
}

TEST(Histogram, MergingIsTheSameAsAddingAllToOne) {
    Histogram left;
    Histogram right;
    Histogram both;
    Random random(3);
    for (int i = 0; i < 10'000; ++i) {
        const Duration duration(static_cast<std::int64_t>(random.below(1'000'000)));
        (i % 3 == 0 ? left : right).add(duration);
        both.add(duration);
    }
    left.merge(right);
    EXPECT_EQ(left.text(), both.text());
    EXPECT_EQ(left.mean(), both.mean());
    EXPECT_EQ(left.least(), both.least());
    EXPECT_EQ(left.most(), both.most());
    EXPECT_EQ(left.sum(), both.sum());
    for (const double share : {0.5, 0.9, 0.95, 0.99, 0.999, 0.9999})
        EXPECT_EQ(left.quantile(share), both.quantile(share)) << share;
}

TEST(Histogram, WhatCameSinceAnEarlierStateIsTheDifference) {
    Histogram histogram;
    histogram.add(Duration(10));
    const Histogram earlier = histogram;
    histogram.add(Duration(50));
    histogram.add(Duration(70));
    const Histogram later = histogram.since(earlier);
    EXPECT_EQ(later.count(), 2U);
    EXPECT_EQ(later.text(), "50:1 70:1");
    EXPECT_EQ(later.least(), Duration(50));
    EXPECT_EQ(later.most(), Duration(70));
    EXPECT_EQ(later.mean(), Duration(60));
}

TEST(Histogram, ItsTextReadsBackWithoutLoss) {
    Histogram histogram;
    Random random(5);
    for (int i = 0; i < 1'000; ++i) histogram.add(Duration(random.below(1U << 30)));
    EXPECT_EQ(Histogram::of_text(histogram.text()).text(), histogram.text());
    EXPECT_EQ(Histogram::of_text("").count(), 0U);
    for (const auto* bad : {"1", "1:", ":1", "1:x", "1:0", "99999:1", "1:1,2:2", "-1:1"}) {
        EXPECT_THROW(Histogram::of_text(bad), InputError) << bad;
    }
}

TEST(Histogram, CountsWhatIsCertainlyLongerThanABound) {
    Histogram histogram;
    for (const int ns : {1, 50, 100, 100, 120}) histogram.add(Duration(ns));
    EXPECT_EQ(histogram.count_above(Duration(50)), 3U);
    EXPECT_EQ(histogram.count_above(Duration(120)), 0U);
}

}  // namespace
}  // namespace stalemark
