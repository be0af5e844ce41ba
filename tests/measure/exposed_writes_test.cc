// SPDX-License-Identifier: Apache-2.0
// Which writes of a key are exposed, against a plain list, and how often each is looked at.

#include "measure/exposed_writes.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/random.h"

namespace stalemark {
namespace {

class ExposedWritesTest : public testing::Test {
protected:
    // The store has all writes that began by `stamp`. When those forgotten were acknowledged.
    std::vector<Instant> take_until(Oracle::Stamp stamp) {
        std::vector<Instant> forgotten;
        const std::uint64_t number = writes.forget_safe(
            [&](Oracle::Stamp invocation) {
                ++looks;
                return invocation <= stamp;
            },
            [&](Instant acknowledged) { forgotten.push_back(acknowledged); });
        EXPECT_EQ(number, forgotten.size());
        return forgotten;
    }

    ExposedWrites writes;
    std::uint64_t looks = 0;
};

TEST_F(ExposedWritesTest, AWriteThatIsAcknowledgedLateIsForgottenWithTheEarlierOnes) {
    writes.add(3, Instant(100));
    writes.add(7, Instant(200));
    writes.add(2, Instant(300));
    EXPECT_EQ(take_until(3), (std::vector{Instant(300), Instant(100)}));
    EXPECT_FALSE(writes.is_empty());
    EXPECT_EQ(writes.oldest(), Instant(200));
    EXPECT_EQ(take_until(7), std::vector{Instant(200)});
    EXPECT_TRUE(writes.is_empty());
    EXPECT_EQ(writes.oldest(), never);
}

// A queue that the store empties one by one while it is long.
TEST_F(ExposedWritesTest, AQueueOfWritesTakesStepsInProportionToItsLength) {
    for (const std::uint64_t length : {1'000U, 10'000U}) {
        looks = 0;
        for (std::uint32_t i = 1; i <= length; ++i) writes.add(i, Instant(i));
        for (std::uint32_t i = 1; i <= length; ++i) {
            EXPECT_EQ(take_until(i), std::vector{Instant(i)});
        }
        EXPECT_TRUE(writes.is_empty());
        EXPECT_LE(looks, 2 * length);  // Each when it goes, and once as the first to stay.
    }
}

TEST_F(ExposedWritesTest, AnyOrderOfWritesAndStoresLeavesWhatAPlainListLeaves) {
    Random random = Random::named(1, "exposed writes", 0);
    std::vector<std::pair<Oracle::Stamp, Instant>> list;
    for (std::uint32_t step = 1; step <= 5'000; ++step) {
        if (random.below(3) > 0) {
            const Oracle::Stamp invocation =
                step * 16 - static_cast<std::uint32_t>(random.below(8) * 32 % (step * 16));
            const bool is_new = std::ranges::none_of(
                list, [&](const auto& write) { return write.first == invocation; });
            if (!is_new) continue;
            writes.add(invocation, Instant(step));
            list.emplace_back(invocation, Instant(step));
            continue;
        }
        const auto stamp = static_cast<Oracle::Stamp>(random.below(step * 16));
        const auto forgotten =
            std::erase_if(list, [&](const auto& write) { return write.first <= stamp; });
        ASSERT_EQ(take_until(stamp).size(), forgotten);
        Instant oldest = never;
        for (const auto& write : list) oldest = std::min(oldest, write.second);
        ASSERT_EQ(writes.oldest(), oldest);
    }
}

}  // namespace
}  // namespace stalemark
