#include "events/log_tail.h"

#include <utility>

namespace stalemark {

LogTail::LogTail(Runtime& runtime, Bus& bus, Duration period, Read read,
                 std::function<void(const Event&)> before,
                 std::function<void(const Event&)> after)
    : runtime_(runtime),
      bus_(bus),
      period_(period),
      read_(std::move(read)),
      before_(std::move(before)),
      after_(std::move(after)),
      ended_(runtime, 0) {
    runtime_.spawn("log tail", [this] { work(); });
}

void LogTail::work() {
    {
        const std::lock_guard lock(guard_);
        worker_ = runtime_.self();
    }
    while (!is_draining()) {
        read_all();
        if (is_draining()) break;
        runtime_.park_until(runtime_.now() + period_, "changes in the store's log");
    }
    bool is_read = read_all();
    for (int tries = 1; !is_read && tries < last_tries; ++tries) {
        runtime_.sleep_for(period_);
        is_read = read_all();
    }
    {
        const std::lock_guard lock(guard_);
        is_read_to_its_end_ = is_read;
    }
    ended_.release();
}

// Answers whether there is nothing left.
bool LogTail::read_all() {
    for (;;) {
        auto events = read_();
        if (!events) return false;
        if (events->empty()) return true;
        for (Event& event : *events) {
            event.publisher = commit_log;
            if (before_) before_(event);
            bus_.publish(event);
            if (after_) after_(event);
        }
    }
}

bool LogTail::is_draining() {
    const std::lock_guard lock(guard_);
    return draining_;
}

bool LogTail::drain() {
    {
        const std::lock_guard lock(guard_);
        draining_ = true;
        if (worker_ != nullptr) runtime_.unpark(worker_);
    }
    ended_.acquire("the store's log to be read");
    const std::lock_guard lock(guard_);
    return is_read_to_its_end_;
}

}  // namespace stalemark
