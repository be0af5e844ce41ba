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
    Semaphore(Runtime& runtime, std::uint64_t places) : runtime_(runtime), free_(places) {}

    // Waits for a place; `why` shows up in diagnoses.
    void acquire(std::string_view why) { acquire_by(never, why); }

    // Likewise, but not beyond `deadline`: false if there was no place by then.
    bool acquire_by(Instant deadline, std::string_view why) {
        Waiter me{runtime_.self()};
        {
            const std::lock_guard lock(guard_);
            if (free_ > 0) {
                --free_;
                return true;
            }
            waiting_.push_back(&me);
        }
        while (!has_place(me)) {
            if (deadline == never) {
                runtime_.park(why);
            } else if (!runtime_.park_until(deadline, why) && runtime_.now() >= deadline) {
                return !leave(me);
            }
        }
        return true;
    }

    bool try_acquire() {
        const std::lock_guard lock(guard_);
        if (free_ == 0) return false;
        --free_;
        return true;
    }

    // Hands each place to the longest waiting task.
    void release(std::uint64_t places = 1) {
        const std::lock_guard lock(guard_);
        for (; places > 0 && !waiting_.empty(); --places) {
            Waiter* const next = waiting_.front();
            waiting_.pop_front();
            next->has_place = true;
            runtime_.unpark(next->task);
        }
        free_ += places;
    }

private:
    struct Waiter {
        Task* task;
        bool has_place = false;
    };

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
    std::mutex guard_;  // Never held while parked.
    std::uint64_t free_;
    std::deque<Waiter*> waiting_;
};

}  // namespace stalemark
