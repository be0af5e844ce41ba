// SPDX-License-Identifier: Apache-2.0
// In which order a change reaches the store and the cached copy.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stalemark {

enum class Order : std::uint8_t {
    store_first,
    cache_first,
    both,
};
constexpr std::array<std::string_view, 3> order_names = {"store_first", "cache_first", "both"};

struct OrderEntry {
    std::string_view name;
    std::string_view caption;
};

// By Order.
constexpr std::array<OrderEntry, 3> all_orders = {{
    {order_names[0], "a change reaches the store, then the cached copy"},
    {order_names[1], "a change reaches the cached copy, then the store"},
    {order_names[2], "the cached copy is treated before the store and after it"},
}};

}  // namespace stalemark
