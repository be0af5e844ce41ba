// SPDX-License-Identifier: Apache-2.0
// A task of the runtime that makes schedules.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "explore/footprint.h"
#include "runtime/fiber.h"
#include "runtime/runtime.h"

namespace stalemark {

class ScheduleGroup;

struct ScheduleTask final : Task {
    enum class State : std::uint8_t {
        fresh,    // Made, and not begun.
        at_step,  // Before a step.
        parked,   // Until it is woken, or time passes.
        looks,    // Until what it has looked at has changed, or time passes.
        sleeps,   // Until reads have ended, or time passes.
        over,
    };
    struct Pending {
        SharedObject object;
        std::string_view what;
        bool writes = false;
        bool is_of_tier = false;  // The tier notes itself what it has changed.
    };
    struct Look {
        std::size_t object = 0;     // Its index,
        std::uint16_t changes = 0;  // and how often it had changed.
    };

    std::uint16_t number = 0;
    std::uint8_t node = 0;
    State state = State::fresh;
    End end = End::none;
    bool is_ready = false;  // It is to go on at once.
    bool is_unparked = false;
    bool has_limit = false;  // Of its wait.
    bool is_timed_out = false;
    bool announces_look = false;  // Its next wait is one of `looks`.
    int operation = -1;           // Of a client, while it is under way or about to begin.
    bool begins = false;          // Its next step is the first of its operation.
    bool is_dead = false;         // With its node.
    std::uint32_t waits_for = 0;  // Reads, as bits.
    std::vector<int> taken;       // Operations, from a queue of writes.
    Pending pending;
    std::vector<Look> looks;     // Since it began its operation, or was woken.
    std::vector<Instant> asked;  // Limits that have not passed, likewise.
    std::string_view name;
    std::function<void()> body;
    ScheduleGroup* group = nullptr;
    Stack stack;
    std::optional<Fiber> fiber;
};

}  // namespace stalemark
