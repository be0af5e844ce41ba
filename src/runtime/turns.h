// SPDX-License-Identifier: Apache-2.0
// Whose turn is next in virtual time.
//
// A task has a turn for each event that may resume it. Which of them comes first is for an
// implementation to say: earliest_first.h, or one that explores what else may happen.

#pragma once

#include <cstdint>

#include "runtime/event_queue.h"
#include "runtime/fiber_task.h"

namespace stalemark {

class Turns {
public:
    using Turn = EventQueue<FiberTask>::Event;

    virtual ~Turns() = default;

    // The task has a turn at `when`. Its others are out of date from now on.
    virtual void add(FiberTask& task, Instant when) = 0;

    // The next turn, which is gone from here then; without an owner if there is none.
    virtual Turn take() = 0;
    // As add() and then take(), which may be the very turn added.
    virtual Turn exchange(FiberTask& task, Instant when) = 0;
    // The task whose turn take() would give; nullptr: nobody's.
    virtual const FiberTask* next() const = 0;

    virtual void clear() = 0;

    // State of the generator that decides, where one does.
    virtual std::uint64_t random_state() const = 0;

protected:
    // A turn that is the task's only one that counts. `order`: that of no other turn, nor 0.
    static Turn make(FiberTask& task, Instant when, std::uint64_t order) {
        task.expected_event = order;
        ++task.events;
        return {when, order, &task};
    }
};

}  // namespace stalemark
