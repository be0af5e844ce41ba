// SPDX-License-Identifier: Apache-2.0
// How far counts are from what they should be, in standard deviations.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace stalemark {

// Pearson's chi-square of `counts` against `shares` (which sum to 1), as the normal deviate of
// equal probability (Wilson and Hilferty 1931): beyond 4 by chance once in 30,000. Neighbours
// of whom too few are expected are counted together. 0 if there is but one possibility.
inline double deviation(const std::vector<std::uint64_t>& counts,
                        const std::vector<double>& shares) {
    double drawn = 0;
    for (const auto count : counts) drawn += static_cast<double>(count);
    double chi_square = 0;
    double groups = 0;
    double expected = 0;
    double seen = 0;
    double expected_left = drawn;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        expected += shares[i] * drawn;
        seen += static_cast<double>(counts[i]);
        const bool is_last = i + 1 == counts.size();
        if (!is_last && (expected < 10 || expected_left - expected < 10)) continue;
        chi_square += (seen - expected) * (seen - expected) / expected;
        expected_left -= expected;
        groups += 1;
        expected = seen = 0;
    }
    const double freedom = groups - 1;
    if (freedom == 0) return 0;
    const double spread = 2 / (9 * freedom);
    return (std::cbrt(chi_square / freedom) - (1 - spread)) / std::sqrt(spread);
}

}  // namespace stalemark
