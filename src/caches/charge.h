// SPDX-License-Identifier: Apache-2.0
// What caches in this process charge an entry for: its key, its value, and this much
// bookkeeping - a node of the list, two to four slots of the index and what the value's memory
// costs beyond its bytes.

#pragma once

#include <cstdint>

namespace stalemark {

constexpr std::uint64_t key_bytes = 8;
constexpr std::uint64_t bookkeeping_bytes = 128;

constexpr std::uint64_t charge_bytes(std::uint64_t value_bytes) {
    return key_bytes + value_bytes + bookkeeping_bytes;
}

}  // namespace stalemark
