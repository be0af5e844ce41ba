// SPDX-License-Identifier: Apache-2.0
#include "core/counts.h"

#include <gtest/gtest.h>

#include <optional>

#include "core/types.h"

namespace stalemark {
namespace {

struct Three {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::uint64_t third = 0;
};

TEST(Counts, AreAddedAndSubtractedMemberByMember) {
    const Three one = {1, 20, 300};
    const Three other = {4'000, 50'000, 600'000};
    const Three sum = sum_of(one, other);
    EXPECT_EQ(sum.first, 4'001U);
    EXPECT_EQ(sum.second, 50'020U);
    EXPECT_EQ(sum.third, 600'300U);
    const Three difference = difference_of(sum, other);
    EXPECT_EQ(difference.first, one.first);
    EXPECT_EQ(difference.second, one.second);
    EXPECT_EQ(difference.third, one.third);
}

// What is no count must not be added as if it were one.
struct WithReal {
    std::uint64_t count = 0;
    double real = 0;
};
struct WithHalves {
    std::uint64_t count = 0;
    std::uint32_t low = 0;
    std::uint32_t high = 0;
};
struct WithSign {
    std::int64_t count = 0;
};
struct WithDuration {
    std::uint64_t count = 0;
    Duration spent{0};
};
struct WithOptional {
    std::optional<std::uint64_t> count;
};

static_assert(OfCountsAlone<Three>);
static_assert(!OfCountsAlone<WithReal>);
static_assert(!OfCountsAlone<WithHalves>);
static_assert(!OfCountsAlone<WithSign>);
static_assert(!OfCountsAlone<WithDuration>);
static_assert(!OfCountsAlone<WithOptional>);

}  // namespace
}  // namespace stalemark
