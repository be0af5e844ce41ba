// Time and concurrency, real or virtual. All code that waits, waits here.
//
// The thread runtime uses operating-system threads and the processor's clock. The virtual
// runtime runs one task at a time and jumps its clock to the next event, so that a run is a
// pure function of its seed. A strategy cannot tell which one it runs on.

#pragma once

#include <functional>
#include <string_view>

#include "core/types.h"

namespace stalemark {

struct Task {};  // One line of execution; each runtime derives its own.

class Runtime {
public:
    virtual ~Runtime() = default;

    // Monotonic; two calls in one task never go backwards.
    virtual Instant now() const = 0;

    // Returns at `when` or later; at once if it has passed.
    virtual void sleep_until(Instant when) = 0;
    void sleep_for(Duration duration) { sleep_until(now() + duration); }

    // Starts a task; its name shows up in diagnoses. May be called before run() or from a task.
    virtual void spawn(std::string_view name, std::function<void()> body) = 0;

    // Runs every task to its end, then rethrows the first exception that any of them threw.
    virtual void run() = 0;

    // park() waits for one unpark() of the calling task. An unpark() that comes first is kept.
    // `why` shows up in diagnoses ("lock", "queue full"). park_until() gives up at `when` and
    // then answers false; an unpark() that comes later is kept for the next park().
    virtual Task* self() const = 0;
    virtual void park(std::string_view why) = 0;
    virtual bool park_until(Instant when, std::string_view why) = 0;
    virtual void unpark(Task* task) = 0;
};

}  // namespace stalemark
