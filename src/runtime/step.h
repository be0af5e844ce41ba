// SPDX-License-Identifier: Apache-2.0
// The points at which tasks meet: what an explorer of schedules hears of, and decides.
//
// A task reaches a step before each thing that it does and that another may see: a call of a
// tier, a lock, a place in a queue, a flight, an event. Between two steps of one task nothing
// that others do makes a difference to it. So a watch that lets another task go on at any step
// can bring about everything that threads can do.

#pragma once

#include <cstdint>
#include <string_view>

#include "core/types.h"

namespace stalemark {

// What a task is about to do.
struct Step {
    std::string_view where;  // "store", "cache", "lock", "flight", "write queue", ...
    std::string_view what;   // "get", "put", "acquire", ...
    Key key{};               // If it concerns one.
};

// Announces that the wait to come ends when what the task has looked at has changed: it looks
// again and again.
inline constexpr Step polls{"poll", "again"};

// What a deadline is for.
enum class Timer : std::uint8_t {
    limit,   // From then on something is not relied on or waited for any more.
    window,  // From then on something may be done early.
    work,    // Then work falls due that was planned.
};

// What is told of every step, and answers in place of the clock.
class StepWatch {
public:
    virtual ~StepWatch() = default;

    // The calling task is about to do this. Others may have their turns before at() returns. It
    // is called from destructors, too: it must not throw.
    virtual void at(const Step& step) = 0;

    // Whether the deadline has passed. No other task has a turn meanwhile: a mutex may be held.
    // What protocols draw by chance reaches what they do by way of deadlines alone, so that
    // this decides over chance as well.
    virtual bool is_over(Instant deadline, Timer timer) = 0;

    // Whether the event that is about to be delivered is lost instead.
    virtual bool is_lost() { return false; }
};

}  // namespace stalemark
