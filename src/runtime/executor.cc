// SPDX-License-Identifier: Apache-2.0
#include "runtime/executor.h"

namespace stalemark {

Executor::Executor(Runtime& runtime, std::string_view name, std::size_t tasks,
                   std::size_t queue_max)
    : runtime_(runtime), queue_max_(queue_max), tasks_(runtime) {
    for (std::size_t i = 0; i < tasks; ++i) {
        tasks_.spawn(name, [this] {
            while (auto job = next()) job();
        });
    }
}

bool Executor::submit(std::function<void()> job) {
    const std::lock_guard lock(guard_);
    if (closed_ || jobs_.size() >= queue_max_) return false;
    jobs_.push_back(std::move(job));
    if (!idle_.empty()) {
        runtime_.unpark(idle_.back());
        idle_.pop_back();
    }
    return true;
}

void Executor::close() {
    {
        const std::lock_guard lock(guard_);
        closed_ = true;
        for (Task* task : idle_) runtime_.unpark(task);
        idle_.clear();
    }
    tasks_.join();
}

// The next job; nothing when the executor is closed and every job taken.
std::function<void()> Executor::next() {
    while (true) {
        {
            const std::lock_guard lock(guard_);
            if (!jobs_.empty()) {
                auto job = std::move(jobs_.front());
                jobs_.pop_front();
                return job;
            }
            if (closed_) return nullptr;
            idle_.push_back(runtime_.self());
        }
        wait_for_job();
    }
}

void Executor::wait_for_job() {
    // It is idle no more, be it by an unpark() that was kept or by an exception.
    struct Leaving {
        Executor& executor;
        ~Leaving() {
            const std::lock_guard lock(executor.guard_);
            std::erase(executor.idle_, executor.runtime_.self());
        }
    } const leaving{*this};
    runtime_.park("a job");
}

}  // namespace stalemark
