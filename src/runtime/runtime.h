// SPDX-License-Identifier: Apache-2.0
// Time and concurrency, real or virtual. All code that waits, waits here.
//
// The thread runtime uses operating-system threads and the processor's clock. The virtual
// runtime runs one task at a time and jumps its clock to the next event, so that a run is a
// pure function of its seed. A strategy cannot tell which one it runs on.

#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string_view>

#include "core/types.h"
#include "runtime/step.h"

namespace stalemark {

// One line of execution; each runtime derives its own.
struct Task {
    // From 1 on and small: no other task of the runtime has it while this one lives. What each
    // task keeps for itself can lie in an array (runtime/per_task.h).
    std::uint32_t slot = 0;
};

// How a task is ended before its time.
enum class End : std::uint8_t {
    none,
    cancel,  // It unwinds and gives back what it holds.
    kill,    // Its node is gone: it unwinds, and nothing that it does then reaches another.
};

// What unwinds a task that is ended. It is no std::exception, so that nothing takes it for
// trouble: what catches it must rethrow it. If it is swallowed, the next wait throws it again.
struct Cancelled {};

class TaskGroup;

class Runtime {
public:
    virtual ~Runtime() = default;

    // Monotonic; two calls in one task never go backwards.
    virtual Instant now() const = 0;

    // A task is about to do something that others may see. Costs a look at a pointer while
    // nobody watches.
    void point(const Step& step) const {
        if (watch_ != nullptr) [[unlikely]]
            watch_->at(step);
    }

    // Whether the deadline has passed. What a protocol does depends on time by this alone.
    bool is_over(Instant deadline, Timer timer = Timer::limit) const {
        if (watch_ != nullptr) [[unlikely]]
            return deadline != never && watch_->is_over(deadline, timer);
        return now() >= deadline;
    }

    // Whether the event that is about to be delivered is lost. Only a watch loses any here;
    // losses by chance are the bus's own.
    bool is_lost() const { return watch_ != nullptr && watch_->is_lost(); }

    // Tells this of every step from now on; nullptr: nobody. Called while no task runs.
    void watch(StepWatch* watch) { watch_ = watch; }
    bool is_watched() const { return watch_ != nullptr; }

    // Returns at `when` or later; at once if it has passed.
    virtual void sleep_until(Instant when) = 0;
    void sleep_for(Duration duration) { sleep_until(now() + duration); }

    // Runs every task to its end. An exception that ends the run (runtime/task_group.h) cancels
    // all tasks and is then rethrown. No task is left when it returns, however it does.
    virtual void run() = 0;

    // The task that calls; in virtual time nullptr outside of all tasks.
    virtual Task* self() const = 0;

    // park() waits for one unpark() of the calling task. An unpark() that comes first is kept.
    // `why` shows up in diagnoses ("lock", "queue full"). park_until() gives up at `when` and
    // then answers false; an unpark() that comes later is kept for the next park().
    virtual void park(std::string_view why) = 0;
    virtual bool park_until(Instant when, std::string_view why) = 0;
    virtual void unpark(Task* task) = 0;

    // An unpark() by a task that was killed has no effect. This one has: it is for what tells
    // of the task's end, and is not in its node.
    virtual void wake(Task* task) = 0;

    // How the calling task is being ended. Every wait of such a task throws Cancelled, but
    // while it unwinds, in its destructors, a wait returns at once and park_until() answers
    // false.
    virtual End ending() const = 0;

    // Whether the calling task is being ended and runs its destructors.
    bool is_unwinding() const {
        return ending() != End::none && std::uncaught_exceptions() > 0;
    }

    // Asked before a call that reaches others without a wait. Throws Cancelled if the calling
    // task is being ended. False: it was killed and unwinds, so that the call must not be made.
    bool may_call() const {
        const End end = ending();
        if (end == End::none) [[likely]]
            return true;
        if (!is_unwinding()) throw Cancelled();
        return end != End::kill;
    }

    // What a runtime knows of a TaskGroup, which says what each of these does.
    class Group {
    public:
        virtual ~Group() = default;
        virtual void spawn(std::string_view name, std::function<void()> body) = 0;
        virtual void join() = 0;
        virtual void end(End how) = 0;
    };

protected:
    friend class TaskGroup;
    virtual std::unique_ptr<Group> make_group() = 0;

private:
    StepWatch* watch_ = nullptr;
};

}  // namespace stalemark
