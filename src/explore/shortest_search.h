// SPDX-License-Identifier: Apache-2.0
// The shortest schedule that shows an anomaly: with the fewest preemptions, of those with the
// fewest operations, of those with the fewest switches between tasks and then the fewest steps.
//
// The search is without reduction: a bound on preemptions and sleep sets together miss
// schedules (Coons, Musuvathi, McKinley, Bounded Partial-Order Reduction, OOPSLA 2013). Bounds
// are tried in ascending order (Musuvathi, Qadeer, Iterative Context Bounding, PLDI 2007), and
// for each all parts of the program, the smaller ones first.

#pragma once

#include <array>
#include <optional>
#include <vector>

#include "explore/anomaly_class.h"
#include "explore/schedule_search.h"

namespace stalemark {

struct ShortSchedule {
    Program program;
    std::vector<ScheduleChoice> choices;
};

using ShortSchedules = std::array<std::optional<ShortSchedule>, schedule_anomalies>;

// Of each wanted class, or nothing where none was found before `schedules_most` had been tried.
ShortSchedules find_shortest(const ExploredSetup& setup, ScheduleRuntime& runtime,
                             AnomalySet wanted, std::uint64_t schedules_most);

}  // namespace stalemark
