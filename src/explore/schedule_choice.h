// SPDX-License-Identifier: Apache-2.0
// What a schedule consists of, and what is explored with it.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assembly/system_settings.h"
#include "core/bytes.h"
#include "explore/program.h"

namespace stalemark {

// One thing that happens.
struct ScheduleChoice {
    enum class Kind : std::uint8_t {
        step,   // A task makes its next step.
        evict,  // What a cache has for a key is evicted.
        crash,  // A node dies.
        time,   // Nothing else can happen: what is waited for is over.
    };

    Kind kind = Kind::step;

    // Of a step: the task. Of an eviction: the cache, 0 for the shared one, n for the near one
    // of node n - 1. Of a crash: the node, from 0.
    std::uint16_t who = 0;
    Key key{0};  // Of an eviction.

    // Of a step: the answers to its questions about time, in order; '1': it is over.
    std::string answers;

    bool is_same_actor(const ScheduleChoice& other) const {
        return kind == other.kind && who == other.who && key == other.key;
    }
    bool operator==(const ScheduleChoice&) const = default;
};

// What may go wrong in a schedule, and how often.
struct ExploredFaults {
    std::uint32_t evictions = 0;
    std::uint32_t crashes = 0;
    std::uint32_t limits = 0;  // That pass, of locks, leases, entries, ...
    std::uint32_t losses = 0;  // Of events.

    bool operator==(const ExploredFaults&) const = default;
};

// A program over a system. Its clients are spread over the nodes in turn.
struct ExploredSetup {
    SystemSettings system;
    Program program;
    ExploredFaults faults;
    bool is_warm = false;          // Each cache has every row before the program.
    bool are_rows_absent = false;  // Before the program.
    std::vector<Bytes> values;  // That the operations write, by their numbers, and the first.

    bool has_shared() const { return !system.fleet.has_near || system.fleet.shared_bytes; }
    std::uint32_t node_of(std::uint32_t client) const { return client % system.fleet.nodes; }
};

// Fills in the values.
void prepare(ExploredSetup& setup);

}  // namespace stalemark
