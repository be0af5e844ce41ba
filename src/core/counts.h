// SPDX-License-Identifier: Apache-2.0
// Sums and differences of structs that consist of counts and of nothing else, member by member.

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace stalemark {

// As many as fit into the struct initialize it, in braces: so each member takes one of them
// without narrowing, and none is left over.
template <typename Counts>
concept OfCountsAlone = []<std::size_t... i>(std::index_sequence<i...>) {
    return requires { Counts{(static_cast<void>(i), std::declval<std::uint64_t>())...}; };
}(std::make_index_sequence<sizeof(Counts) / sizeof(std::uint64_t)>());

// Each member of the result is that of `one` and that of `other`, combined.
template <OfCountsAlone Counts, typename Combine>
Counts combined(const Counts& one, const Counts& other, Combine combine) {
    using Members = std::array<std::uint64_t, sizeof(Counts) / sizeof(std::uint64_t)>;
    auto members = std::bit_cast<Members>(one);
    const auto others = std::bit_cast<Members>(other);
    for (std::size_t i = 0; i < members.size(); ++i) {
        members[i] = combine(members[i], others[i]);
    }
    return std::bit_cast<Counts>(members);
}

template <OfCountsAlone Counts>
Counts sum_of(const Counts& one, const Counts& other) {
    return combined(one, other, [](std::uint64_t a, std::uint64_t b) { return a + b; });
}

// What has come since `earlier` was taken.
template <OfCountsAlone Counts>
Counts difference_of(const Counts& later, const Counts& earlier) {
    return combined(later, earlier, [](std::uint64_t a, std::uint64_t b) { return a - b; });
}

}  // namespace stalemark
