// SPDX-License-Identifier: Apache-2.0
// What goes wrong on purpose, as --fault takes it.
//
//   store-down@10s+5s       a spell: from 10 s on, for 5 s
//   store-slow@10s+5s,x20   a spell in which everything takes 20 times as long
//   cache-flush@10s         an instant
//   store-fails=0.01        a chance, for each call
//
// Times count from the beginning of the measured part: no warm-up meets a fault.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace stalemark {

enum class FaultPlace : std::uint8_t { store, cache, events };
enum class FaultShape : std::uint8_t { spell, slow_spell, instant, chance };

struct FaultEntry {
    std::string_view name;
    std::string_view caption;
    FaultPlace place;  // What it is that fails.
    FaultShape shape;
};

std::span<const FaultEntry> all_faults();

// What to write: "store-slow@START+LENGTH,xFACTOR".
std::string form_of(const FaultEntry& entry);

struct Fault {
    const FaultEntry* entry = nullptr;
    Duration begins{0};
    Duration ends = never;  // From then on it is over. Of an instant: when it begins.
    double factor = 1;      // slow_spell: of the delay.
    double fraction = 0;    // chance: of the calls.

    bool is_chance() const { return entry->shape == FaultShape::chance; }

    std::string text() const;  // Parses to an equal fault.
};

// Throws InputError of one line that says what was expected.
Fault parse_fault(std::string_view text);

// Throws InputError if `fault` cannot be along with one of `others`: a chance of the same name,
// or a spell at the same time.
void check_against(const Fault& fault, std::span<const Fault> others);

}  // namespace stalemark
