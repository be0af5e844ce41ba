// SPDX-License-Identifier: Apache-2.0
// What went before the measured part, and why it ended.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/types.h"

namespace stalemark {

enum class WarmupEnd : std::uint8_t {
    none,         // There was no warm-up.
    stable,       // The hit ratio had become stable.
    limit,        // It had not, and that was as long as one waits.
    duration,     // It lasted as long as was asked.
    workload,     // The phase or trace came to its end.
    interrupted,  // Somebody stopped the run.
};
// As the result spells them.
constexpr std::array<std::string_view, 6> warmup_end_names = {
    "none", "stable", "limit", "duration", "workload", "interrupted"};

struct Warmup {
    Duration duration{0};
    std::uint64_t operations = 0;
    WarmupEnd ended = WarmupEnd::none;
    std::optional<double> hit_ratio;  // Of its last half; nothing if nothing was read in it.
    // Whether the hit ratio was stable when it ended, for whatever reason it ended.
    bool is_stable = false;
};

// A warm-up that lasts until the hit ratio is stable lasts no longer than this...
constexpr Duration warmup_max = std::chrono::seconds(30);
// ...and, where time costs nothing, than so many operations, if these take longer.
constexpr std::uint64_t simulated_warmup_operations_max = 1'000'000;

}  // namespace stalemark
