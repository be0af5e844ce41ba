// SPDX-License-Identifier: Apache-2.0
// The largest data that can be asked for.

#pragma once

#include <cstdint>
#include <limits>

namespace stalemark {

constexpr std::uint64_t keys_most = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t value_bytes_most = std::uint64_t{1} << 30;

}  // namespace stalemark
