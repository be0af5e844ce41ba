// SPDX-License-Identifier: Apache-2.0
// Latencies for wires as tests write them down: "5ms", "uniform(1ms,3ms)".

#pragma once

#include <string_view>

#include "core/distribution.h"
#include "core/units.h"

namespace stalemark {

inline Distribution latency(std::string_view text) {
    return Distribution::parse(
        text,
        [](std::string_view part) {
            return static_cast<std::uint64_t>(parse_duration(part).count());
        },
        [](std::uint64_t ns) {
            return format_duration(Duration(static_cast<std::int64_t>(ns)));
        });
}

}  // namespace stalemark
