// SPDX-License-Identifier: Apache-2.0
// How many of `trials` come true that each do with `probability`: the bounds of 99.9% of the
// cases (normal approximation).

#pragma once

#include <gmock/gmock.h>

#include <cmath>
#include <cstdint>

namespace stalemark {

inline testing::Matcher<std::uint64_t> is_binomial(int trials, double probability) {
    const double mean = trials * probability;
    const double spread = 3.29 * std::sqrt(mean * (1 - probability));
    return testing::AllOf(testing::Ge(static_cast<std::uint64_t>(mean - spread)),
                          testing::Le(static_cast<std::uint64_t>(mean + spread)));
}

}  // namespace stalemark
