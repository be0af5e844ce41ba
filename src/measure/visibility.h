// SPDX-License-Identifier: Apache-2.0
// How soon writes are visible everywhere: of some acknowledged writes, whether so long later no
// cache of any node still held something definitely older.
//
// Asked of writes and not of reads, it shows a lost invalidation that nobody happened to meet.
// It is the larger the less is cached, and an overtaken fill can make it fall again. "N nines
// of writes visible within M" is -log10(1 - visible / checked).

#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "core/types.h"

namespace stalemark {

struct VisibilityDelay {
    const char* name;
    Duration delay;
};
constexpr std::array<VisibilityDelay, 6> visibility_delays = {{
    {"0ms", std::chrono::milliseconds(0)},
    {"1ms", std::chrono::milliseconds(1)},
    {"10ms", std::chrono::milliseconds(10)},
    {"100ms", std::chrono::milliseconds(100)},
    {"1s", std::chrono::seconds(1)},
    {"10s", std::chrono::seconds(10)},
}};

struct VisibilityCounts {
    struct Count {
        std::uint64_t checked = 0;
        std::uint64_t visible = 0;
    };
    std::array<Count, visibility_delays.size()> at;
};

}  // namespace stalemark
