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

    // A turn of the task at `when`, to be added. Its `order` is that of no other turn, nor 0.
    virtual Turn make(FiberTask& task, Instant when) = 0;

    virtual void add(const Turn& turn) = 0;
    virtual bool is_empty() const = 0;

    // The next, which is gone from here then. Requires: not empty.
    virtual Turn take() = 0;
    // As add() and then take(), which may be the very turn added.
    virtual Turn exchange(const Turn& turn) = 0;
    // The task that take() would say now. Requires: not empty.
    virtual const FiberTask& next() const = 0;

    virtual void clear() = 0;

    // State of the generator that decides, where one does.
    virtual std::uint64_t random_state() const = 0;
};

}  // namespace stalemark
