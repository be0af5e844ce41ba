// SPDX-License-Identifier: Apache-2.0
#include "core/in_parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <vector>

namespace stalemark {
namespace {

TEST(InParallel, DoesEachPieceOnce) {
    std::vector<std::atomic<int>> done(1000);
    in_parallel(done.size(), [&](std::size_t i) { ++done[i]; });
    EXPECT_TRUE(std::ranges::all_of(done, [](const auto& times) { return times == 1; }));
}

TEST(InParallel, DoesNothingOfNothing) {
    in_parallel(0, [](std::size_t) { FAIL(); });
}

TEST(InParallel, ThrowsWhatAPieceHasThrown) {
    const auto fail = [](std::size_t i) {
        if (i == 3) throw std::runtime_error("the third");
    };
    EXPECT_THROW(in_parallel(10, fail), std::runtime_error);
}

}  // namespace
}  // namespace stalemark
