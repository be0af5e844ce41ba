#include "runtime/executor.h"

namespace stalemark {

Executor::Executor(Runtime& runtime, std::string_view name, std::size_t tasks,
                   std::size_t queue_max)
    : runtime_(runtime), queue_max_(queue_max), alive_(tasks) {
    for (std::size_t i = 0; i < tasks; ++i) runtime_.spawn(name, [this] { work(); });
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
        closer_ = runtime_.self();
        for (Task* task : idle_) runtime_.unpark(task);
        idle_.clear();
    }
    const auto all_ended = [&] {
        const std::lock_guard lock(guard_);
        return alive_ == 0;
    };
    while (!all_ended()) runtime_.park("background jobs");
}

void Executor::work() {
    while (auto job = next()) job();
    const std::lock_guard lock(guard_);
    if (--alive_ == 0 && closer_ != nullptr) runtime_.unpark(closer_);
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
        runtime_.park("a job");
    }
}

}  // namespace stalemark
