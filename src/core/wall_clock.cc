// SPDX-License-Identifier: Apache-2.0
#include "core/wall_clock.h"

#include <fmt/chrono.h>

#include <chrono>

namespace stalemark {

std::string utc_now() {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

Duration time_that_passes() { return std::chrono::steady_clock::now().time_since_epoch(); }

}  // namespace stalemark
