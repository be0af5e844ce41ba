// SPDX-License-Identifier: Apache-2.0
// The protocols of the table of guarantees: those that the literature names, and variants.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace stalemark {

struct ExploredProtocol {
    std::string_view name;     // What a write does, in order; how a miss fills.
    std::string_view options;  // Of `explore`.
    std::string_view program;  // Empty: that of the table.
};

std::span<const ExploredProtocol> explored_protocols();

}  // namespace stalemark
