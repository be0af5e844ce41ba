// SPDX-License-Identifier: Apache-2.0
// What the values of a run consist of behind their headers: bytes that compress as well as
// asked.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stalemark {

// Built once, then read by any number of threads.
class Payload {
public:
    // `compressibility`: share of the bytes that a compressor can remove, 0..1.
    Payload(double compressibility, std::uint64_t seed);

    // Fills `to`; equal nonces give equal bytes. Costs one copy.
    void fill(std::span<char> to, std::uint64_t nonce) const;

private:
    std::vector<char> bytes_;
};

}  // namespace stalemark
