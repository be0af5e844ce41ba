// SPDX-License-Identifier: Apache-2.0
// A whole exploration: every schedule judged, or some by chance, and the shortest witness of
// each class.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "explore/schedule_sampling.h"
#include "explore/schedule_search.h"
#include "explore/schedule_witness.h"

namespace stalemark {

struct ExplorationSettings {
    std::uint64_t schedules_most = 20'000'000;  // Of the exhaustive search; then it is cut off.
    std::uint64_t shortest_most = 100'000;      // Of the search for the shortest witnesses.
    bool has_witnesses = true;
    std::optional<SamplingSettings> sampling;  // Schedules by chance, and not all.
};

struct ClassFound {
    ScheduleAnomaly of = ScheduleAnomaly::permanent;
    std::uint64_t schedules = 0;  // That show it, of those that were carried out.
    ScheduleWitness witness;
};

struct Exploration {
    SearchCounts counts;
    std::uint64_t outcomes = 0;       // Distinct ones.
    std::uint64_t outcomes_once = 0;  // Of them, that came of one schedule alone.
    std::uint64_t steps_most = 0;
    bool is_sampled = false;
    std::vector<ClassFound> found;  // In the order of the classes.

    // Of schedules by chance: an estimate of the chance that one more comes to an outcome that
    // none had (Good, The Population Frequencies of Species, Biometrika 40, 1953). 1: of none.
    double unseen() const {
        if (counts.schedules == 0) return 1;
        return static_cast<double>(outcomes_once) / static_cast<double>(counts.schedules);
    }

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
