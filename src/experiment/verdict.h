// SPDX-License-Identifier: Apache-2.0
// Whether a run kept the promise of its strategy.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "measure/divergence.h"
#include "measure/witness.h"
#include "strategies/catalog.h"

namespace stalemark {

// What the verdict rests on.
struct Evidence {
    const ConsistencyCounts& consistency;
    std::uint64_t writes = 0;  // Acknowledged in the measured part.
    std::uint64_t exposure_writes_max = 0;
    Divergence after_drain;
    Divergence at_the_end;  // After drain and, if entries expire, after the longest TTL.
};

enum class PromiseState : std::uint8_t { kept, broken, untested };
constexpr std::array<std::string_view, 3> promise_state_names = {"kept", "broken", "untested"};

struct Breach {
    std::string_view what;  // The figure that shows it.
    std::uint64_t times = 0;
};

struct Verdict {
    std::string declared;  // The promise as a text.
    PromiseState state = PromiseState::untested;
    std::vector<Breach> breaches;
    std::string_view untested_because;  // Empty: it was tested.
};

Verdict judge(const Promise& promise, const Evidence& evidence);

}  // namespace stalemark
