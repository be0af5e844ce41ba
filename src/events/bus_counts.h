// SPDX-License-Identifier: Apache-2.0
// What a bus has done. Once it is drained: offered + duplicated = delivered + lost + abandoned;
// of a difference of two, what was under way at the earlier is to be added on the left.

#pragma once

#include <cstdint>

#include "core/counts.h"

namespace stalemark {

struct BusCounts {
    std::uint64_t published = 0;  // Events handed in.
    std::uint64_t offered = 0;    // Events sent x receivers.
    std::uint64_t delivered = 0;  // Copies included.
    std::uint64_t lost = 0;
    std::uint64_t duplicated = 0;  // Copies on top of those offered.
    std::uint64_t held_back = 0;

    // Delivered after a later event of the same publisher (RFC 4737, 3.3); copies are not
    // counted.
    std::uint64_t reordered = 0;

    std::uint64_t abandoned = 0;  // Still under way when drain() gave up.

    std::uint64_t heartbeats = 0;  // Sent x receivers.
    std::uint64_t heartbeats_lost = 0;

    // Offered or copied, and neither delivered nor lost nor given up yet.
    std::uint64_t under_way() const {
        return offered + duplicated - delivered - lost - abandoned;
    }

    BusCounts& operator+=(const BusCounts& other) { return *this = sum_of(*this, other); }
    BusCounts operator-(const BusCounts& earlier) const {
        return difference_of(*this, earlier);
    }
};

}  // namespace stalemark
