// SPDX-License-Identifier: Apache-2.0
// The processors of a simulated application node: so many operations compute at once, the
// others queue. Without a limit a thousand clients would compute at once, and saturation not
// exist.

#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "runtime/runtime.h"

namespace stalemark {

struct ProcessorSettings {
    std::uint64_t count = 8;
    Duration cost = std::chrono::microseconds(2);  // Of one operation, apart from its calls.
};

// Served first come, first served, and all for the same time: whoever comes knows at once when
// his turn will be over (Lindley's recursion), and no queue need be kept. For tasks of one
// thread.
class Processors {
public:
    // `users`: how many tasks compute at once at most.
    Processors(Runtime& runtime, const ProcessorSettings& settings, std::uint64_t users)
        : runtime_(runtime),
          cost_(settings.cost),
          free_from_(std::min(settings.count, users)) {}

    // Computes for one operation.
    void use() {
        Instant& free_from = free_from_[next_];
        free_from = std::max(free_from, runtime_.now()) + cost_;
        next_ = next_ + 1 == free_from_.size() ? 0 : next_ + 1;
        runtime_.sleep_until(free_from);
    }

private:
    Runtime& runtime_;
    const Duration cost_;
    std::vector<Instant> free_from_;  // Of each; they are taken in turns.
    std::size_t next_ = 0;            // Free before all others.
};

}  // namespace stalemark
