// SPDX-License-Identifier: Apache-2.0
#include "workload/zipf.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "core/portable_math.h"

namespace stalemark {
namespace {

constexpr std::uint64_t narrowness = 64;  // First rank of a bin to its width.

// A share 0..1 in units of 1/2^64.
std::uint64_t as_word(double share) {
    if (share >= 1) return std::numeric_limits<std::uint64_t>::max();
    return static_cast<std::uint64_t>(share * 0x1p64);
}

double weight_ratio(std::uint64_t rank, std::uint64_t first, double theta) {
    return portable::pow(static_cast<double>(first) / static_cast<double>(rank), theta);
}

}  // namespace

Zipf::Zipf(std::uint64_t ranks, double theta) : theta_(theta) {
    assert(ranks >= 1 && ranks <= std::numeric_limits<std::uint32_t>::max());
    assert(theta >= 0 && std::isfinite(theta));
    std::vector<double> weights;
    for (std::uint64_t first = 1; first <= ranks;) {
        const std::uint64_t width =
            std::min(std::max<std::uint64_t>(first / narrowness, 1), ranks - first + 1);
        bins_.push_back({.surely_kept = as_word(weight_ratio(first + width - 1, first, theta)),
                         .first = static_cast<std::uint32_t>(first),
                         .width = static_cast<std::uint32_t>(width)});
        weights.push_back(static_cast<double>(width) * weight_ratio(first, 1, theta));
        first += width;
    }
    share_columns(std::move(weights));
}

// Every column of the table is as high as the mean weight. One that its own bin does not fill
// is filled up from a bin that has too much.
void Zipf::share_columns(std::vector<double> weights) {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    std::vector<std::uint32_t> short_ones;
    std::vector<std::uint32_t> long_ones;
    for (std::uint32_t i = 0; i < weights.size(); ++i) {
        weights[i] *= static_cast<double>(weights.size()) / sum;
        (weights[i] < 1 ? short_ones : long_ones).push_back(i);
    }
    while (!short_ones.empty() && !long_ones.empty()) {
        const std::uint32_t filled = short_ones.back();
        const std::uint32_t giver = long_ones.back();
        short_ones.pop_back();
        bins_[filled].own_share = as_word(weights[filled]);
        bins_[filled].alias = giver;
        weights[giver] -= 1 - weights[filled];
        if (weights[giver] < 1) {
            long_ones.pop_back();
            short_ones.push_back(giver);
        }
    }
    // What is left is full but for rounding.
    for (const auto& left : {short_ones, long_ones}) {
        for (const std::uint32_t i : left) {
            bins_[i].own_share = std::numeric_limits<std::uint64_t>::max();
            bins_[i].alias = i;
        }
    }
}

bool Zipf::is_kept(const Bin& bin, std::uint64_t rank, std::uint64_t coin) const {
    return coin <= as_word(weight_ratio(rank, bin.first, theta_));
}

}  // namespace stalemark
