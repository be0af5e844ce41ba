// SPDX-License-Identifier: Apache-2.0
#include "experiment/canary.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

TEST(Canary, does_work_that_takes_time) {
    const Canary canary = run_canary();
    EXPECT_GT(canary.cpu, Duration{0});
    EXPECT_GT(canary.memory, Duration{0});
}

TEST(StolenTime, is_the_growth_of_the_stolen_part_over_that_of_all) {
    const MachineTime before{.all = 1'000, .stolen = 100};
    EXPECT_EQ(stolen_between(before, {.all = 1'200, .stolen = 150}), 0.25);
    EXPECT_EQ(stolen_between(before, {.all = 1'200, .stolen = 100}), 0.0);
}

TEST(StolenTime, is_not_known_if_no_time_has_passed) {
    const MachineTime before{.all = 1'000, .stolen = 100};
    EXPECT_EQ(stolen_between(before, before), std::nullopt);
}

TEST(MachineTime, only_grows_and_stolen_is_a_part_of_it) {
    const auto before = machine_time();
    const auto after = machine_time();
    ASSERT_TRUE(before && after);
    EXPECT_GT(before->all, 0U);
    EXPECT_LE(before->stolen, before->all);
    EXPECT_LE(before->all, after->all);
}

}  // namespace
}  // namespace stalemark
