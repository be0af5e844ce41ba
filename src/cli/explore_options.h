// SPDX-License-Identifier: Apache-2.0
// The options of a protocol, as `explore` takes them: those of `run` that say what a protocol
// does, and not how long it takes.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "assembly/system_settings.h"
#include "options/options.h"

namespace stalemark {

// Names of the rows of run_options() that it takes.
const std::set<std::string_view>& explored_options();

enum class ExploredCaches : std::uint8_t {
    shared,  // All nodes have one cache.
    near,    // Each node has its own.
    both,    // Each node has its own before one that all share.
};
constexpr std::array<std::string_view, 3> explored_caches_names = {"shared", "near", "both"};

// The words of an option of `explore` alone, without dashes: "cache", "caches", "rows",
// "schedules". Empty: it has none.
std::vector<std::string> explored_states(std::string_view option);

// The system that the options make, with so many nodes. Throws InputError.
SystemSettings explored_system(const OptionTexts& typed, std::uint32_t nodes,
                               ExploredCaches caches);

}  // namespace stalemark
