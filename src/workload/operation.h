// SPDX-License-Identifier: Apache-2.0
// One thing that is asked of a strategy.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/types.h"

namespace stalemark {

enum class OperationKind : std::uint8_t { read, write, erase, read_modify_write };

constexpr std::size_t operation_kinds = 4;

// As results and workload files spell them.
constexpr std::array<std::string_view, operation_kinds> operation_names = {
    "read", "write", "delete", "read_modify_write"};

struct Operation {
    OperationKind kind = OperationKind::read;
    Key key{};
    // Of what is written, header included; 0 for read and delete.
    std::uint32_t value_bytes = 0;
    // Open loop: which user asks. In a closed loop each client is one.
    std::uint32_t session = 0;
    // Open loop: since the phase began.
    Duration due{0};
};

}  // namespace stalemark
