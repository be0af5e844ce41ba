// SPDX-License-Identifier: Apache-2.0
// How many schedules there are: counts that are known from a model of the protocols.

#include "explore/schedule_search.h"

#include <gtest/gtest.h>

#include <set>

#include "explore/judge.h"
#include "explore_setup.h"

namespace stalemark {
namespace {

SearchCounts count(const ExploredSetup& setup, bool is_reduced) {
    ScheduleRuntime runtime;
    return search_schedules(setup, runtime, {.is_reduced = is_reduced},
                            [](const FoundSchedule&) { return true; });
}

// With one step per call, 13 and 9 steps.
TEST(ScheduleSearch, CountsTheSchedulesOfCacheAside) {
    const ExploredSetup setup = setup_of("cache_aside", "w r | w | r r");
    EXPECT_EQ(count(setup, false).schedules, 13'153);
    const SearchCounts reduced = count(setup, true);
    EXPECT_EQ(reduced.schedules, 1'428);
    EXPECT_EQ(reduced.abandoned, 259);
}

TEST(ScheduleSearch, CountsTheSchedulesOfWriteThrough) {
    const ExploredSetup setup = setup_of("write_through", "w r | w | r r");
    EXPECT_EQ(count(setup, false).schedules, 1'106);
    EXPECT_EQ(count(setup, true).schedules, 517);
}

}  // namespace
}  // namespace stalemark
