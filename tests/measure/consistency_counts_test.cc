// SPDX-License-Identifier: Apache-2.0
// What all clients have seen together.

#include <gtest/gtest.h>

#include "measure/witness.h"

namespace stalemark {
namespace {

TEST(ConsistencyCountsTest, OfAllClientsAreTheSumsAndTheLargestLag) {
    ConsistencyCounts one = {.reads_checked = 1,
                             .stale_reads = 2,
                             .read_your_writes_eligible = 3,
                             .read_your_writes_violations = 4,
                             .monotonic_reads_eligible = 5,
                             .monotonic_reads_violations = 6,
                             .phantom_reads = 7,
                             .reads_of_open_writes = 8,
                             .values_corrupt = 9,
                             .session_lookups = 10,
                             .session_found = 11,
                             .version_lag_max = 12,
                             .ages_at_least = 13,
                             .stale_by_design = 14,
                             .reads_past_bound = 15,
                             .contract_violations = 16};
    one.stale_age.add(Duration(17));
    one.stale_by_design_age.add(Duration(18));
    ConsistencyCounts sum;
    ConsistencyCounts small = one;
    small.version_lag_max = 1;
    for (const ConsistencyCounts& each : {one, one, small}) sum.merge(each);
    EXPECT_EQ(sum.reads_checked, 3U);
    EXPECT_EQ(sum.stale_reads, 6U);
    EXPECT_EQ(sum.read_your_writes_eligible, 9U);
    EXPECT_EQ(sum.read_your_writes_violations, 12U);
    EXPECT_EQ(sum.monotonic_reads_eligible, 15U);
    EXPECT_EQ(sum.monotonic_reads_violations, 18U);
    EXPECT_EQ(sum.phantom_reads, 21U);
    EXPECT_EQ(sum.reads_of_open_writes, 24U);
    EXPECT_EQ(sum.values_corrupt, 27U);
    EXPECT_EQ(sum.session_lookups, 30U);
    EXPECT_EQ(sum.session_found, 33U);
    EXPECT_EQ(sum.version_lag_max, 12U);
    EXPECT_EQ(sum.ages_at_least, 39U);
    EXPECT_EQ(sum.stale_by_design, 42U);
    EXPECT_EQ(sum.reads_past_bound, 45U);
    EXPECT_EQ(sum.contract_violations, 48U);
    EXPECT_EQ(sum.stale_age.sum(), 51);
    EXPECT_EQ(sum.stale_by_design_age.sum(), 54);
}

}  // namespace
}  // namespace stalemark
