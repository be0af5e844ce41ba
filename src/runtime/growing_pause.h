// SPDX-License-Identifier: Apache-2.0
// The pauses of a task that looks again and again for what another is to bring about.

#pragma once

#include <algorithm>

#include "runtime/runtime.h"

namespace stalemark {

class GrowingPause {
public:
    static constexpr Duration first = std::chrono::milliseconds(1);
    static constexpr Duration longest = std::chrono::milliseconds(50);

    explicit GrowingPause(Runtime& runtime) : runtime_(runtime) {}

    // Sleeps for twice as long as the last time, but not past `deadline`.
    void sleep_until(Instant deadline) {
        runtime_.point(polls);
        runtime_.sleep_until(std::min(runtime_.now() + pause_, deadline));
        pause_ = std::min(2 * pause_, longest);
    }

private:
    Runtime& runtime_;
    Duration pause_ = first;
};

}  // namespace stalemark
