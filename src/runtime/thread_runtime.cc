#include "runtime/thread_runtime.h"

#include <sys/prctl.h>

#include <condition_variable>
#include <ctime>
#include <exception>
#include <list>
#include <mutex>
#include <thread>
#include <utility>

#include "runtime/processor_clock.h"

namespace stalemark {
namespace {

struct ThreadTask final : Task {
    std::thread thread;
    std::mutex guard;
    std::condition_variable wake;
    bool unparked = false;
};

thread_local ThreadTask* running = nullptr;
thread_local ThreadTask adopted;  // Of a thread that no runtime started.

// Linux lets a sleep end up to 50 us late to save wake-ups; 1 ns asks for the precise timer.
void ask_for_precise_sleep() { prctl(PR_SET_TIMERSLACK, 1UL); }

class ThreadRuntime final : public Runtime {
public:
    Instant now() const override { return clock_.now(); }

    void sleep_until(Instant when) override {
        for (Duration left = when - now(); left > Duration{0}; left = when - now()) {
            const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
            const timespec wait = {.tv_sec = static_cast<time_t>(seconds.count()),
                                   .tv_nsec = static_cast<long>((left - seconds).count())};
            clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, nullptr);
        }
    }

    void spawn(std::string_view /*name*/, std::function<void()> body) override {
        const std::lock_guard lock(guard_);
        ThreadTask& task = tasks_.emplace_back();
        task.thread = std::thread([this, &task, body = std::move(body)] {
            running = &task;
            ask_for_precise_sleep();
            try {
                body();
            } catch (...) {
                const std::lock_guard error_lock(guard_);
                if (!error_) error_ = std::current_exception();
            }
        });
    }

    void run() override {
        while (ThreadTask* task = oldest()) {
            task->thread.join();
            const std::lock_guard lock(guard_);
            tasks_.pop_front();
        }
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

    Task* self() const override { return &current(); }

    void park(std::string_view /*why*/) override {
        ThreadTask& task = current();
        std::unique_lock lock(task.guard);
        task.wake.wait(lock, [&] { return task.unparked; });
        task.unparked = false;
    }

    bool park_until(Instant when, std::string_view /*why*/) override {
        ThreadTask& task = current();
        std::unique_lock lock(task.guard);
        // now() may run ahead of the condition variable's clock by a hair, so look again.
        while (!task.unparked) {
            const Duration left = when - now();
            if (left <= Duration{0}) return false;
            task.wake.wait_for(lock, left);
        }
        task.unparked = false;
        return true;
    }

    void unpark(Task* task) override {
        auto* const thread_task = static_cast<ThreadTask*>(task);
        const std::lock_guard lock(thread_task->guard);
        thread_task->unparked = true;
        thread_task->wake.notify_one();  // Under the lock: the task may be gone right after it.
    }

private:
    static ThreadTask& current() { return running != nullptr ? *running : adopted; }

    ThreadTask* oldest() {
        const std::lock_guard lock(guard_);
        return tasks_.empty() ? nullptr : &tasks_.front();
    }

    const ProcessorClock clock_;
    std::mutex guard_;
    std::list<ThreadTask> tasks_;  // A list: tasks never move while they run.
    std::exception_ptr error_;
};

}  // namespace

std::unique_ptr<Runtime> make_thread_runtime() { return std::make_unique<ThreadRuntime>(); }

}  // namespace stalemark
