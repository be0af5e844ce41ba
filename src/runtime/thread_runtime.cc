// SPDX-License-Identifier: Apache-2.0
#include "runtime/thread_runtime.h"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "core/errors.h"
#include "runtime/processor_clock.h"
#include "runtime/task_slots.h"

namespace stalemark {
namespace {

class ThreadGroup;

// Of all runtimes: a thread that none of them started may call each.
TaskSlots& slots() {
    static TaskSlots all;
    return all;
}

struct ThreadTask final : Task {
    ThreadTask() { slot = slots().take(); }
    ~ThreadTask() { slots().give_back(slot); }
    ThreadTask(const ThreadTask&) = delete;
    ThreadTask& operator=(const ThreadTask&) = delete;

    // Whether the task is being ended and must not wait: it throws unless the task unwinds.
    bool leaves() const {
        if (ending == End::none) [[likely]]
            return false;
        if (std::uncaught_exceptions() == 0) throw Cancelled();
        return true;
    }

    ThreadGroup* group = nullptr;
    std::thread thread;
    std::atomic<End> ending = End::none;
    std::mutex guard;
    std::condition_variable wake;
    bool unparked = false;
};

thread_local ThreadTask* running = nullptr;
thread_local ThreadTask adopted;  // Of a thread that no runtime started.

ThreadTask& current() { return running != nullptr ? *running : adopted; }

// Linux lets a sleep end up to 50 us late to save wake-ups; 1 ns asks for the precise timer.
void ask_for_precise_sleep() { prctl(PR_SET_TIMERSLACK, 1UL); }

class ThreadRuntime final : public Runtime {
public:
    ~ThreadRuntime() override { join(ended_); }

    Instant now() const override { return clock_.now(); }

    void sleep_until(Instant when) override {
        ThreadTask& task = current();
        const auto never_woken = [] { return false; };
        if (!task.leaves()) wait(task, when, never_woken);
    }

    // The threads of ended tasks are joined at once, or they would keep their stacks.
    void run() override {
        std::unique_lock lock(guard_);
        while (!tasks_.empty() || !ended_.empty()) {
            changed_.wait(lock, [&] { return tasks_.empty() || !ended_.empty(); });
            std::list<ThreadTask> ended = std::move(ended_);
            ended_.clear();
            lock.unlock();
            join(ended);
            lock.lock();
        }
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

    Task* self() const override { return &current(); }

    void park(std::string_view why) override { park_until(never, why); }

    bool park_until(Instant when, std::string_view /*why*/) override {
        ThreadTask& task = current();
        return !task.leaves() &&
               wait(task, when, [&] { return std::exchange(task.unparked, false); });
    }

    void unpark(Task* task) override {
        if (ending() != End::kill) wake(task);
    }

    void wake(Task* task) override {
        auto& thread_task = static_cast<ThreadTask&>(*task);
        const std::lock_guard lock(thread_task.guard);
        thread_task.unparked = true;
        thread_task.wake.notify_one();  // Under the lock: the task may be gone right after it.
    }

    End ending() const override { return current().ending; }

private:
    friend class ThreadGroup;

    std::unique_ptr<Group> make_group() override;

    // Until it is woken, the task is being ended, or `when`; answers whether it was woken.
    template <typename IsWoken>
    bool wait(ThreadTask& task, Instant when, IsWoken is_woken) {
        constexpr Duration longest = std::chrono::hours(1);  // More might overflow.
        std::unique_lock lock(task.guard);
        while (task.ending == End::none) {
            if (is_woken()) return true;
            // now() may run ahead of the condition variable's clock by a hair, so look again.
            const Duration left = when == never ? longest : when - now();
            if (left <= Duration{0}) return false;
            task.wake.wait_for(lock, std::min(left, longest));
        }
        task.leaves();
        return false;
    }

    static void end(ThreadTask& task, End how) {
        const std::lock_guard lock(task.guard);
        task.ending = std::max(task.ending.load(), how);
        task.wake.notify_one();
    }

    static void join(std::list<ThreadTask>& tasks) {
        for (ThreadTask& task : tasks) task.thread.join();
    }

    // Ends the run. Requires: guard_ is held.
    void fail(const std::exception_ptr& error) {
        if (!error_) error_ = error;
        for (ThreadTask& task : tasks_) end(task, End::cancel);
    }

    void live(std::list<ThreadTask>::iterator task, std::function<void()> body);

    const ProcessorClock clock_;
    std::mutex guard_;  // Of all below and of the groups; taken before that of a task.
    std::condition_variable changed_;  // A task has ended.
    std::list<ThreadTask> tasks_;      // A list: tasks never move while they run.
    std::list<ThreadTask> ended_;      // To be joined.
    std::exception_ptr error_;         // The first; it ends the run.
};

class ThreadGroup final : public Runtime::Group {
public:
    explicit ThreadGroup(ThreadRuntime& runtime) : runtime_(runtime) {}

    ~ThreadGroup() override {
        end(std::max(End::cancel, runtime_.ending()));
        const std::lock_guard lock(runtime_.guard_);
        if (error_) runtime_.fail(error_);
    }

    void spawn(std::string_view name, std::function<void()> body) override {
        const std::lock_guard lock(runtime_.guard_);
        if (error_ || runtime_.error_) return;
        const auto task = runtime_.tasks_.emplace(runtime_.tasks_.end());
        task->group = this;
        try {
            task->thread = std::thread([this, task, body = std::move(body)]() mutable {
                runtime_.live(task, std::move(body));
            });
        } catch (const std::system_error& error) {
            runtime_.tasks_.erase(task);
            throw RunError(
                fmt::format("{} cannot be started: {}", name, error.code().message()));
        }
        ++alive_;
    }

    void join() override {
        struct Joiner {
            ThreadGroup& group;
            ~Joiner() { group.set_joiner(nullptr); }
        } const joiner{*this};
        for (set_joiner(&current()); is_alive();) runtime_.park("tasks to end");
        const std::lock_guard lock(runtime_.guard_);
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

    void end(End how) override {
        std::unique_lock lock(runtime_.guard_);
        end_all(how);
        const std::size_t own = current().group == this ? 1 : 0;
        runtime_.changed_.wait(lock, [&] { return alive_ <= own; });
    }

    // For a task that has ended. Requires: the runtime's guard is held.
    void leave(const std::exception_ptr& error) {
        if (error && !is_of_a_task_) {
            runtime_.fail(error);
        } else if (error && !error_) {
            error_ = error;
            end_all(End::cancel);
        }
        if (--alive_ == 0 && joiner_ != nullptr) runtime_.wake(joiner_);
    }

private:
    void end_all(End how) {
        for (ThreadTask& task : runtime_.tasks_) {
            if (task.group == this) ThreadRuntime::end(task, how);
        }
    }

    void set_joiner(ThreadTask* task) {
        const std::lock_guard lock(runtime_.guard_);
        joiner_ = task;
    }

    bool is_alive() {
        const std::lock_guard lock(runtime_.guard_);
        return alive_ > 0;
    }

    ThreadRuntime& runtime_;
    const bool is_of_a_task_ = running != nullptr;  // Else of the run.
    std::size_t alive_ = 0;
    ThreadTask* joiner_ = nullptr;
    std::exception_ptr error_;  // The first, until it is joined for.
};

std::unique_ptr<Runtime::Group> ThreadRuntime::make_group() {
    return std::make_unique<ThreadGroup>(*this);
}

// A task, from its first step to its last.
void ThreadRuntime::live(std::list<ThreadTask>::iterator task, std::function<void()> body) {
    running = &*task;
    ask_for_precise_sleep();
    std::exception_ptr error;
    try {
        body();
    } catch (const Cancelled&) {
    } catch (...) {
        error = std::current_exception();
    }
    body = nullptr;
    const std::lock_guard lock(guard_);
    task->group->leave(error);
    ended_.splice(ended_.end(), tasks_, task);
    changed_.notify_all();
}

}  // namespace

std::unique_ptr<Runtime> make_thread_runtime() { return std::make_unique<ThreadRuntime>(); }

}  // namespace stalemark
