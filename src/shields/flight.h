// SPDX-License-Identifier: Apache-2.0
// One load under way, and those who wait for it.

#pragma once

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>

#include "core/answer.h"
#include "core/result.h"
#include "runtime/runtime.h"

namespace stalemark {

class Flight {
public:
    // How it ended for somebody who waited.
    enum class End : std::uint8_t {
        landed,     // The load came back, with a value or with trouble: answer() is there.
        abandoned,  // Whoever loaded is gone and nothing came back.
        too_late,   // It is still under way.
    };

    explicit Flight(Instant began) : began_(began) {}

    Instant began() const { return began_; }

    // Waits until the flight ends, but not past `deadline`.
    End wait(Runtime& runtime, Instant deadline) {
        runtime.point({"flight", "wait"});
        Task* const me = runtime.self();
        {
            const std::lock_guard lock(guard_);
            if (end_) return *end_;
            waiting_.push_back(me);
        }
        struct Leaving {
            Flight& flight;
            Task* me;
            ~Leaving() {
                const std::lock_guard lock(flight.guard_);
                std::erase(flight.waiting_, me);
            }
        } const leaving{*this, me};
        while (true) {
            const bool is_woken = runtime.park_until(deadline, "another reader's load");
            const std::lock_guard lock(guard_);
            if (end_) return *end_;
            // Or it was woken by an older unpark() that was kept.
            if (!is_woken) return End::too_late;
        }
    }

    void land(const Result<Answer>& answer, Runtime& runtime) {
        runtime.point({"flight", "land"});
        const std::lock_guard lock(guard_);
        answer_ = answer;
        finish(End::landed, runtime);
    }

    // What a flight comes to that has not landed.
    void abandon(Runtime& runtime) {
        runtime.point({"flight", "abandon"});
        const std::lock_guard lock(guard_);
        if (!end_) finish(End::abandoned, runtime);
    }

    // Requires: it has landed.
    const Result<Answer>& answer() const { return *answer_; }

private:
    void finish(End end, Runtime& runtime) {
        end_ = end;
        for (Task* const task : waiting_) runtime.unpark(task);
        waiting_.clear();
    }

    const Instant began_;
    std::mutex guard_;  // Never held while parked.
    std::optional<End> end_;
    std::optional<Result<Answer>> answer_;
    std::deque<Task*> waiting_;
};

}  // namespace stalemark
