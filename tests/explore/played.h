// SPDX-License-Identifier: Apache-2.0
// Outcomes made by hand.

#pragma once

#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "explore/outcome.h"

namespace stalemark {

// The outcome of a program whose operations began and ended as `play` says, in this order: "1("
// operation 1 begins, "1)" it ends, "1)v2" it ends and has seen the value 2, "1)-" an absence,
// "1)!" it comes back with trouble.
inline ExploredOutcome played(const std::string& program, const std::string& play,
                              std::vector<std::vector<ValueId>> committed) {
    const Program read = read_program(program);
    ExploredOutcome outcome;
    for (const ProgramStep& step : read.operations)
        outcome.operations.push_back({.step = step});
    committed.resize(read.keys);
    outcome.committed = std::move(committed);
    std::uint32_t returned = 0;
    std::istringstream words(play);
    for (std::string word; words >> word;) {
        char* rest = nullptr;
        const auto i = static_cast<std::size_t>(std::strtoul(word.c_str(), &rest, 10) - 1);
        ExploredOperation& operation = outcome.operations.at(i);
        if (*rest == '(') {
            operation.has_begun = true;
            operation.before = returned;
            continue;
        }
        operation.has_ended = true;
        operation.has_failed = rest[1] == '!';
        if (rest[1] == '-') operation.seen = some_absence;
        if (rest[1] == 'v')
            operation.seen = static_cast<ValueId>(std::strtol(rest + 2, nullptr, 10));
        returned |= std::uint32_t{1} << i;
    }
    return outcome;
}

}  // namespace stalemark
