// SPDX-License-Identifier: Apache-2.0
// Ranks 1 .. n with P(rank) proportional to rank^-theta, exactly, for any theta >= 0.
//
// The ranks are cut into bins, each at most 1/64 as wide as the rank it begins at, so that
// there are some 64 ln(n) of them: 1,000 for a billion ranks. A draw picks a bin by its upper
// bound, the width times the first rank's weight, with an alias table (Walker 1977, Vose 1991),
// then a rank of the bin, and keeps it with the ratio of its weight to the first's (von Neumann
// 1951). Of a hundred ranks, 99 are kept, nearly all without computing a power.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace stalemark {

// Read-only once made: any number of threads may draw, each with a Random of its own.
class Zipf {
public:
    // Requires: 1 <= ranks < 2^32, theta >= 0 and finite.
    Zipf(std::uint64_t ranks, double theta);

    std::uint64_t draw(Random& random) const {
        for (;;) {
            const Wide place = Wide{random.next()} * bins_.size();
            const Bin& column = bins_[static_cast<std::uint64_t>(place >> 64)];
            const bool own = static_cast<std::uint64_t>(place) < column.own_share;
            const Bin& bin = own ? column : bins_[column.alias];

            const Wide spot = Wide{random.next()} * bin.width;
            const std::uint64_t rank = bin.first + static_cast<std::uint64_t>(spot >> 64);
            const auto coin = static_cast<std::uint64_t>(spot);
            if (coin <= bin.surely_kept || is_kept(bin, rank, coin)) return rank;
        }
    }

    std::size_t bins() const { return bins_.size(); }

private:
    struct Bin {
        std::uint64_t own_share = 0;    // Of its column of the alias table, in 1/2^64.
        std::uint64_t surely_kept = 0;  // The last rank's weight to the first's, in 1/2^64.
        std::uint32_t first = 1;
        std::uint32_t width = 1;
        std::uint32_t alias = 0;  // The bin that has the rest of the column.
    };

    bool is_kept(const Bin& bin, std::uint64_t rank, std::uint64_t coin) const;
    void share_columns(std::vector<double> weights);

    double theta_;
    std::vector<Bin> bins_;
};

}  // namespace stalemark
