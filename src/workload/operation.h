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
    std::uint32_t value_bytes =
        0;            // Of what is written, header included; 0 for read and delete.
    Duration due{0};  // Open loop and timed traces: since the phase began.
};

}  // namespace stalemark
