// SPDX-License-Identifier: Apache-2.0
// Every schedule of a program, or one of every class of schedules that nobody can tell apart.
//
// A schedule is a list of choices, and each execution begins anew (stateless search: Godefroid,
// Model Checking for Programming Languages using VeriSoft, POPL 1997). Sleep sets (Godefroid,
// Partial-Order Methods, 1996) leave out what only exchanges neighbouring steps that are not
// dependent (footprint.h).

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "explore/execution.h"

namespace stalemark {

struct SearchSettings {
    bool is_reduced = true;
    std::optional<std::uint32_t> preemptions_most;  // Only without reduction.
    std::uint64_t schedules_most = 0;               // 0: no bound. Abandoned ones count.
    std::uint32_t choices_most = 400;               // In a schedule.
};

// One schedule that has come to rest.
struct FoundSchedule {
    const ExploredOutcome& outcome;
    const std::vector<ScheduleChoice>& choices;
    std::uint32_t preemptions = 0;
};

struct SearchCounts {
    std::uint64_t schedules = 0;
    std::uint64_t abandoned = 0;  // Begun, and then seen to be covered by others.
    std::uint64_t cut_off = 0;    // At choices_most.
    bool is_exhaustive = true;    // Nothing was left out by a bound.
};

// Shows every schedule; `see` answers whether to go on.
SearchCounts search_schedules(const ExploredSetup& setup, ScheduleRuntime& runtime,
                              const SearchSettings& settings,
                              const std::function<bool(const FoundSchedule&)>& see);

}  // namespace stalemark
