// SPDX-License-Identifier: Apache-2.0
// A whole exploration: every schedule judged, and the shortest witness of each class.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "explore/schedule_search.h"
#include "explore/schedule_witness.h"

namespace stalemark {

struct ExplorationSettings {
    std::uint64_t schedules_most = 20'000'000;  // Of the exhaustive search; then it is cut off.
    std::uint64_t shortest_most = 100'000;      // Of the search for the shortest witnesses.
    bool has_witnesses = true;
};

struct ClassFound {
    ScheduleAnomaly of = ScheduleAnomaly::permanent;
    std::uint64_t schedules = 0;  // That show it, of those that were carried out.
    ScheduleWitness witness;
};

struct Exploration {
    SearchCounts counts;
    std::uint64_t outcomes = 0;  // Distinct ones.
    std::uint64_t steps_most = 0;
    std::vector<ClassFound> found;  // In the order of the classes.

    bool has(ScheduleAnomaly of) const {
        for (const ClassFound& one : found) {
            if (one.of == of) return true;
        }
        return false;
    }
};

// Whether an anomaly that was found breaks the promise. Lost updates break none: a read and
// then a write were never promised to be one operation.
bool breaks(const Exploration& exploration, const Promise& promise);

Exploration explore(const ExploredSetup& setup, const ExplorationSettings& settings = {});

// All that can be told apart of an outcome, as a key of a table.
std::string key_of(const ExploredOutcome& outcome);

}  // namespace stalemark
