// SPDX-License-Identifier: Apache-2.0
// A schedule that shows an anomaly, step by step, for people and for a replay.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "explore/anomaly_class.h"
#include "explore/schedule_choice.h"

namespace stalemark {

struct WitnessStep {
    ScheduleChoice choice;
    std::string actor;         // "client 1", "flusher", "late delete", "node 2", ...
    std::int32_t client = -1;  // Whose it is, from 0; -1: no client's.
    std::string tier;          // "cache", "store", "locks", "write queue", ...
    std::string verb;          // "get", "put", "evict", "crash", "time passes", ...
    std::int32_t key = -1;     // From 0; -1: of none.
    std::string effect;        // "miss", "v1", "refused", ...; may be empty.

    std::int32_t begun = -1;          // The operation whose first step it is, from 0; -1: none.
    std::vector<std::int32_t> ended;  // Operations that have returned with it.
    std::vector<std::string> copies;  // After it, by cache and key: "v1", "none"; "-": no copy.
    std::vector<std::string> rows;    // After it, in the store, by key.
    bool is_wrong = false;            // The harm is done or seen here.

    // "client 1: cache get (miss)".
    std::string text() const;
};

struct ScheduleWitness {
    ScheduleAnomaly of = ScheduleAnomaly::permanent;
    Program program;
    bool is_warm = false;
    bool are_rows_absent = false;
    ExploredFaults faults;
    std::uint32_t nodes = 1;
    std::vector<std::string>
        caches;  // Columns of `copies`: "cache", "near 1", "near 1 k2", ...
    std::vector<std::string> answers;  // By operation: "v0", "none", "written", "failed", "-".
    std::vector<WitnessStep> steps;
    std::uint32_t preemptions = 0;
    bool is_shortest = true;  // Else a shorter one may exist: the search was cut off.
    std::string sentence;     // What is wrong, in plain English.

    std::vector<ScheduleChoice> choices() const {
        std::vector<ScheduleChoice> all;
        for (const WitnessStep& step : steps) all.push_back(step.choice);
        return all;
    }
};

// Carries out the choices over the setup, and writes down what each comes to. `of`: whose wrong
// step is marked and whose sentence is given, if the outcome has it. `texts`: of the steps, as
// they were before; empty: unknown. Throws InputError at the first choice that is not possible,
// meets other questions than it answers, or comes to another text.
ScheduleWitness record_witness(const ExploredSetup& setup,
                               const std::vector<ScheduleChoice>& choices, ScheduleAnomaly of,
                               std::span<const std::string> texts = {});

}  // namespace stalemark
