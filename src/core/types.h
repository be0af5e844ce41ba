// SPDX-License-Identifier: Apache-2.0
// The words every part of the suite shares.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace stalemark {

// Names one record. Keys are dense: a data set of N keys uses 0 .. N-1.
enum class Key : std::uint64_t {};

constexpr std::size_t index_of(Key key) { return static_cast<std::size_t>(key); }

// Numbers the changes of one row in the order in which the store made them. 0: not from a
// store.
using Version = std::uint64_t;

using Duration = std::chrono::nanoseconds;
using Instant = std::chrono::nanoseconds;  // Since the runtime's clock was started.

// Later than every instant of a run: "never".
constexpr Instant never = Instant::max();

}  // namespace stalemark
