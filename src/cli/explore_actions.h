// SPDX-License-Identifier: Apache-2.0
// What `stalemark explore` does, as it was asked for. Each answers the exit status, and throws
// InputError where what was typed makes no sense.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "explore/exploration.h"
#include "options/options.h"

namespace stalemark {

struct ExploreTyped {
    OptionTexts options;  // Of the protocol.
    std::string program = "w r | w | r r";
    std::string cache = "cold";
    std::string caches = "shared";
    std::string rows = "present";
    std::uint32_t nodes = 0;  // 0: not given.
    ExploredFaults faults;
    std::optional<std::uint64_t> schedules_most;
    std::string schedules = "all";
    std::uint64_t seeds = SamplingSettings().seeds;
    std::optional<std::string> replay;
    std::optional<std::string> json;
    bool expect_promise = false;
    bool has_matrix = false;
    std::string only;  // Of the matrix.
};

// Explores, and prints what was found or writes it as JSON.
int explore_all(const ExploreTyped& typed);

// Carries out the schedule of a file.
int replay(const ExploreTyped& typed);

// Makes the table of guarantees.
int show_matrix(const ExploreTyped& typed);

}  // namespace stalemark
