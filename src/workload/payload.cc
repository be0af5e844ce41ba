// SPDX-License-Identifier: Apache-2.0
#include "workload/payload.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/random.h"

namespace stalemark {
namespace {

// Large enough that two values of a block seldom show the same stretch, small enough for a
// processor's cache.
constexpr std::size_t pool_bytes = std::size_t{1} << 20;

// Random bytes and a run of zeros take turns at this distance, so that a value of some hundred
// bytes has its share of both.
constexpr std::size_t stride_bytes = 128;

}  // namespace

Payload::Payload(double compressibility, std::uint64_t seed) : bytes_(pool_bytes, 0) {
    Random random = Random::named(seed, "payload");
    const double exact = std::round((1 - compressibility) * static_cast<double>(stride_bytes));
    const auto random_bytes = static_cast<std::size_t>(exact);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        const auto byte = static_cast<char>(random.next() >> 56);
        if (i % stride_bytes < random_bytes) bytes_[i] = byte;
    }
}

void Payload::fill(std::span<char> to, std::uint64_t nonce) const {
    std::size_t from = mix(nonce) % bytes_.size();
    while (!to.empty()) {
        const std::size_t piece = std::min(to.size(), bytes_.size() - from);
        std::memcpy(to.data(), bytes_.data() + from, piece);
        to = to.subspan(piece);
        from = 0;
    }
}

}  // namespace stalemark
