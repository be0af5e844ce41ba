// SPDX-License-Identifier: Apache-2.0
#include "events/log_tail.h"

#include <algorithm>
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
      treated_(runtime, 0),
      ended_(runtime, 0),
      reading_(runtime) {
    if (before_ || after_) treating_.emplace(runtime_, "log tail", abreast, abreast);
    reading_.spawn("log tail", [this] { work(); });
}

void LogTail::work() {
    set_worker(runtime_.self());
    struct Leaving {
        LogTail& tail;
        ~Leaving() { tail.set_worker(nullptr); }
    } const leaving{*this};
    while (!is_draining()) {
        read_all();
        if (is_draining()) break;
        runtime_.point(polls);
        runtime_.park_until(runtime_.now() + period_, "changes in the store's log");
    }
    bool is_read = read_all();
    for (int tries = 1; !is_read && tries < last_tries; ++tries) {
        runtime_.sleep_for(period_);
        is_read = read_all();
    }
    if (treating_) treating_->close();
    {
        const std::lock_guard lock(guard_);
        is_read_to_its_end_ = is_read;
    }
    ended_.release();
}

void LogTail::set_worker(Task* task) {
    const std::lock_guard lock(guard_);
    worker_ = task;
}

// Answers whether there is nothing left.
bool LogTail::read_all() {
    for (;;) {
        auto events = read_();
        if (!events) return false;
        if (events->empty()) return true;
        for (std::span<Event> left(*events); !left.empty();) {
            const std::span<Event> next = left.first(std::min(abreast, left.size()));
            tell(next);
            left = left.subspan(next.size());
        }
    }
}

void LogTail::tell(std::span<Event> events) {
    treat(events, before_);
    for (Event& event : events) {
        event.publisher = commit_log;
        bus_.publish(event);
    }
    treat(events, after_);
}

// Returns when all calls have. A call may outlive its wait, should that be ended: it has an
// event of its own.
void LogTail::treat(std::span<const Event> events,
                    const std::function<void(const Event&)>& call) {
    if (!call) return;
    if (events.size() == 1) {
        call(events.front());
        return;
    }
    for (const Event& event : events) {
        treating_->submit([this, event, &call] {
            call(event);
            treated_.release();
        });
    }
    for (std::size_t i = 0; i < events.size(); ++i) treated_.acquire("changes to be treated");
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
