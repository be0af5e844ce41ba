// SPDX-License-Identifier: Apache-2.0
// Round trips by name, for who has not measured his own: the wires of a simulated run start
// from these. All are random, since constant ones hide races: they need an exact tie.

#pragma once

#include <span>
#include <string_view>

#include "core/distribution.h"

namespace stalemark {

struct LatencyEntry {
    std::string_view name;
    std::string_view caption;
    std::string_view spec;    // As --store-latency takes it.
    std::string_view source;  // Where the figures come from.
};

std::span<const LatencyEntry> all_latencies();

// A round trip in ns: "200us", "lognormal(1ms,0.5)", or one of these names. Throws InputError
// of one line that says what was expected.
Distribution parse_latency(std::string_view text);

}  // namespace stalemark
