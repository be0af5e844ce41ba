// SPDX-License-Identifier: Apache-2.0
// Scatters 0 .. n-1 over themselves: every number is hit exactly once.
//
// Multiplying by an odd number and folding the upper half onto the lower are reversible on
// words of k bits; a result that is not below n is scattered again until it is ("cycle
// walking", Black and Rogaway 2002), fewer than two times on average.

#pragma once

#include <bit>
#include <cstdint>

namespace stalemark {

class Permutation {
public:
    // Requires: 1 <= n <= 2^32.
    explicit Permutation(std::uint64_t n)
        : n_(n),
          bits_(static_cast<int>(std::bit_width(n - 1))),
          mask_((std::uint64_t{1} << bits_) - 1) {}

    // Requires: i < n.
    std::uint64_t operator()(std::uint64_t i) const {
        do i = scatter(i);
        while (i >= n_);
        return i;
    }

private:
    std::uint64_t scatter(std::uint64_t i) const {
        const int half = (bits_ + 1) / 2;
        i = (i + 0x9e3779b97f4a7c15) & mask_;  // Or else 0 would stay where it is.
        i = (i * 0xbf58476d1ce4e5b9) & mask_;
        i ^= i >> half;
        i = (i * 0x94d049bb133111eb) & mask_;
        i ^= i >> half;
        return (i * 0xd6e8feb86659fd93) & mask_;
    }

    std::uint64_t n_;
    int bits_;
    std::uint64_t mask_;
};

}  // namespace stalemark
