// SPDX-License-Identifier: Apache-2.0
// What a read comes back with.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/row.h"
#include "core/types.h"

namespace stalemark {

// Where an answer came from.
enum class Outcome : std::uint8_t {
    hit,        // The cache, or a queue that stands in for it.
    miss,       // The store, which this very read asked.
    wait,       // Another reader's load, joined.
    stale_hit,  // The cache, known to be out of date: stale by design.
    bypass,     // The store, with no cache in between.
};
constexpr std::size_t outcomes = 5;
constexpr std::array<std::string_view, outcomes> outcome_names = {"hit", "miss", "wait",
                                                                  "stale_hit", "bypass"};

struct Answer {
    Row row;  // Absent: the key has no value.
    Outcome outcome = Outcome::hit;

    // How much older than its time in a cache the value may be: from the beginning of the load
    // that brought it until it was cached.
    Duration slack{0};
};

}  // namespace stalemark
