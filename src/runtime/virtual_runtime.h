// SPDX-License-Identifier: Apache-2.0
// A deterministic runtime: one task runs at a time and time passes only when all of them wait.
//
// Tasks are fibers on one thread. Events are ordered by instant, and those of one instant as
// the seed says, so a run is a function of the seed and of what its tasks do. Tasks are spawned
// on the thread that calls run().

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "runtime/runtime.h"
#include "runtime/watchdog.h"

namespace stalemark {

struct VirtualSettings {
    // Draws the order of the events of one instant; nothing: the order of their making, which
    // is what plays a race step by step.
    std::optional<std::uint64_t> seed;

    // run() ends with RunError before an event that passes one of these.
    Watchdog::Limits limits;
};

// Of a run so far: equal for equal runs, on every compiler and machine.
struct VirtualFacts {
    std::uint64_t events = 0;        // Tasks resumed.
    std::uint64_t trace_hash = 0;    // Of every event: when it came and whose it was.
    std::uint64_t final_random = 0;  // State of the generator that orders events.
};

class VirtualRuntime : public Runtime {
public:
    virtual VirtualFacts facts() const = 0;
};

// run() throws std::logic_error, naming each waiting task and why it waits, if tasks are left
// that nothing will ever wake. Call run() and destroy the runtime on one and the same thread.
std::unique_ptr<VirtualRuntime> make_virtual_runtime(const VirtualSettings& settings = {});

}  // namespace stalemark
