// SPDX-License-Identifier: Apache-2.0
// A number of places that tasks take and give back, first come, first served, in real and in
// virtual time. Mutex is the one with a single place.
//
// A place may be held across a wait, which a std::mutex may not.

#pragma once

#include <cstdint>
#include <deque>
#include <mutex>

#include "runtime/runtime.h"

namespace stalemark {

class Semaphore {
public:
    // What becomes of the places of a task that is killed.
    enum class OfTheKilled : std::uint8_t {
        lost,      // They were in the memory of the node that is gone.
        released,  // They are elsewhere, where its end is noticed.
    };

    Semaphore(Runtime& runtime, std::uint64_t places,
              OfTheKilled of_the_killed = OfTheKilled::lost)
        : runtime_(runtime),
          of_the_killed_(of_the_killed),
          free_(static_cast<std::int64_t>(places)) {}

    // Waits for a place; `why` shows up in diagnoses. A task that unwinds does not wait: it
    // takes a place that there may not be, so that its release() keeps the count right.
    void acquire(std::string_view why) {
        if (acquire_by(never, why)) return;
        const std::lock_guard lock(guard_);
        --free_;
    }

    // Likewise, but not beyond `deadline`: false if there was no place by then.
    bool acquire_by(Instant deadline, std::string_view why) {
        runtime_.point({"semaphore", "acquire"});
        Waiter me{runtime_.self()};
        {
            const std::lock_guard lock(guard_);
            if (free_ > 0) {
                --free_;
                return true;
            }
            waiting_.push_back(&me);
        }
        try {
            return wait(me, deadline, why);
        } catch (...) {
            if (!leave(me)) release();
            throw;
        }
    }

    bool try_acquire() {
        runtime_.point({"semaphore", "try_acquire"});
        const std::lock_guard lock(guard_);
        if (free_ == 0) return false;
        --free_;
        return true;
    }

    // Hands each place to the longest waiting task.
    void release(std::uint64_t places = 1) {
        if (of_the_killed_ == OfTheKilled::lost && runtime_.ending() == End::kill) return;
        runtime_.point({"semaphore", "release"});
        const std::lock_guard lock(guard_);
        free_ += static_cast<std::int64_t>(places);
        for (; free_ > 0 && !waiting_.empty(); --free_) {
            Waiter* const next = waiting_.front();
            waiting_.pop_front();
            next->has_place = true;
            runtime_.wake(next->task);
        }
    }

private:
    struct Waiter {
        Task* task;
        bool has_place = false;
    };

    bool wait(Waiter& me, Instant deadline, std::string_view why) {
        while (!has_place(me)) {
            if (deadline == never) {
                runtime_.park(why);
                if (runtime_.is_unwinding()) return !leave(me);
            } else if (!runtime_.park_until(deadline, why) && is_too_late(deadline)) {
                return !leave(me);
            }
        }
        return true;
    }

    // A task that unwinds does not wait for the deadline.
    bool is_too_late(Instant deadline) {
        return runtime_.is_over(deadline) || runtime_.is_unwinding();
    }

    bool has_place(const Waiter& waiter) {
        const std::lock_guard lock(guard_);
        return waiter.has_place;
    }

    // Gives up waiting; false if a place was handed over before.
    bool leave(Waiter& waiter) {
        const std::lock_guard lock(guard_);
        if (waiter.has_place) return false;
        std::erase(waiting_, &waiter);
        return true;
    }

    Runtime& runtime_;
    const OfTheKilled of_the_killed_;
    std::mutex guard_;   // Never held while parked.
    std::int64_t free_;  // Below 0: taken by tasks that unwound.
    std::deque<Waiter*> waiting_;
};

}  // namespace stalemark
