// SPDX-License-Identifier: Apache-2.0
#include "explore/schedule_runtime.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "core/errors.h"

namespace stalemark {
namespace {

using State = ScheduleTask::State;

constexpr std::size_t stack_bytes = std::size_t{128} * 1024;

}  // namespace

class ScheduleGroup final : public Runtime::Group {
public:
    explicit ScheduleGroup(ScheduleRuntime& runtime) : runtime_(runtime) {}
    ~ScheduleGroup() override { end(End::cancel); }

    void spawn(std::string_view name, std::function<void()> body) override {
        runtime_.start(name, std::move(body), *this);
        ++alive_;
    }
    void join() override {
        struct Joiner {
            ScheduleTask*& place;
            ~Joiner() { place = nullptr; }
        } const joiner{joiner_};
        for (joiner_ = runtime_.running_; alive_ > 0;) runtime_.park("tasks to end");
    }
    void end(End how) override {
        if (alive_ == 0) return;
        runtime_.end_tasks(*this, how);
    }
    void leave() {
        if (--alive_ == 0 && joiner_ != nullptr) runtime_.wake(joiner_);
    }

private:
    ScheduleRuntime& runtime_;
    std::size_t alive_ = 0;
    ScheduleTask* joiner_ = nullptr;
};

ScheduleRuntime::ScheduleRuntime() : stacks_(stack_bytes) { watch(this); }
ScheduleRuntime::~ScheduleRuntime() = default;

std::unique_ptr<Runtime::Group> ScheduleRuntime::make_group() {
    return std::make_unique<ScheduleGroup>(*this);
}

void ScheduleRuntime::begin(std::uint32_t limits, std::uint32_t losses) {
    used_ = 0;
    error_ = nullptr;
    runs_free_ = are_limits_over_ = false;
    now_ = Instant{0};
    answers_.clear();
    limits_left_ = limits;
    losses_left_ = losses;
    passed_.clear();
    reads_ = under_way_ = returned_ = 0;
    for (auto& adds : late_deletes_) adds.clear();
    for (auto& queued : queued_) queued.clear();
    changes_.fill(0);
}

void ScheduleRuntime::start(std::string_view name, std::function<void()> body,
                            ScheduleGroup& group) {
    if (used_ == pool_.size()) {
        pool_.push_back(std::make_unique<ScheduleTask>());
        pool_.back()->stack = stacks_.take(true);
    }
    ScheduleTask& task = *pool_[used_];
    const Stack stack = task.stack;
    task.fiber.reset();
    task.number = static_cast<std::uint16_t>(used_++);
    task.slot = task.number + 1U;
    task.node = running_ != nullptr ? running_->node : making_for_;
    task.state = State::fresh;
    task.end = End::none;
    task.is_ready = true;
    task.is_unparked = task.has_limit = task.is_timed_out = task.announces_look = false;
    task.operation = -1;
    task.begins = task.is_dead = false;
    task.waits_for = 0;
    task.looks.clear();
    task.asked.clear();
    task.taken.clear();
    task.name = name;
    task.body = std::move(body);
    task.group = &group;
    task.fiber.emplace(stack, [this]() -> Fiber& { return live(); });
}

// The running task, from its beginning to its end.
Fiber& ScheduleRuntime::live() {
    ScheduleTask& task = *running_;
    try {
        if (task.end == End::none) task.body();
    } catch (const Cancelled&) {
    } catch (...) {
        if (!error_) error_ = std::current_exception();
    }
    task.body = nullptr;
    task.state = State::over;
    task.group->leave();
    return outside_;
}

void ScheduleRuntime::go_on(ScheduleTask& task) {
    task.is_ready = false;
    running_ = &task;
    outside_.switch_to(*task.fiber);
    running_ = nullptr;
}

// Others go on; returns when this one is to.
void ScheduleRuntime::stop(ScheduleTask& task, State state) {
    task.state = state;
    task.fiber->switch_to(outside_);
}

bool ScheduleRuntime::leaves(const ScheduleTask& task) {
    if (task.end == End::none) return false;
    if (std::uncaught_exceptions() == 0) throw Cancelled();
    return true;
}

void ScheduleRuntime::stop_and_wait(ScheduleTask& task, State state) {
    stop(task, state);
    leaves(task);
}

void ScheduleRuntime::settle() {
    for (bool has_run = true; has_run;) {
        has_run = false;
        for (std::size_t i = 0; i < used_; ++i) {
            if (!pool_[i]->is_ready || (pool_[i]->is_dead && !runs_free_)) continue;
            go_on(*pool_[i]);
            has_run = true;
        }
        has_run = wake_waiting() || has_run;
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

bool ScheduleRuntime::wake_waiting() {
    bool has_woken = false;
    for (std::size_t i = 0; i < used_; ++i) {
        ScheduleTask& task = *pool_[i];
        if (task.is_ready || task.is_dead) continue;
        const bool is_awake =
            (task.state == State::looks &&
             std::ranges::any_of(task.looks,
                                 [&](const ScheduleTask::Look& look) {
                                     return changes_[look.object] != look.changes;
                                 })) ||
            (task.state == State::sleeps && (task.waits_for & under_way_) == 0);
        if (!is_awake) continue;
        task.looks.clear();
        task.asked.clear();
        task.is_ready = has_woken = true;
    }
    return has_woken;
}

void ScheduleRuntime::end_tasks(const ScheduleGroup& group, End how) {
    if (running_ != nullptr) throw std::logic_error("a task ends others in a schedule");
    const auto is_meant = [&group](const ScheduleTask& task) { return task.group == &group; };
    for (std::size_t i = used_; i-- > 0;) {
        if (pool_[i]->state != State::over && is_meant(*pool_[i]))
            pool_[i]->end = std::max(pool_[i]->end, how);
    }
    for (std::size_t i = used_; i-- > 0;) {
        ScheduleTask& one = *pool_[i];
        if (one.state == State::over || !is_meant(one)) continue;
        go_on(one);
        if (one.state != State::over) throw std::logic_error("a task does not end");
    }
}

void ScheduleRuntime::kill_node(std::uint8_t node) {
    begin_footprint();
    footprint_.node = node;
    footprint_.is_crash = true;
    now_ += tick;
    for (std::size_t i = 0; i < used_; ++i) {
        if (pool_[i]->node == node) pool_[i]->is_dead = true;
    }
}

bool ScheduleRuntime::is_busy(std::uint8_t node) const {
    for (std::size_t i = 0; i < used_; ++i) {
        const ScheduleTask& one = *pool_[i];
        const bool is_idle =
            one.state == State::over || (one.state == State::parked && !one.has_limit);
        if (one.node == node && !is_idle) return true;
    }
    return false;
}

void ScheduleRuntime::run_out() {
    runs_free_ = are_limits_over_ = true;
    for (std::size_t i = 0; i < used_; ++i) {
        ScheduleTask& one = *pool_[i];
        const bool waits = one.state == State::looks || one.state == State::sleeps ||
                           (one.state == State::parked && one.has_limit);
        if (waits) one.is_timed_out = true;
        if (waits || one.state == State::at_step) one.is_ready = true;
    }
    settle();
}

void ScheduleRuntime::begin_operation(int operation, bool is_read) {
    if (runs_free_) return;
    running_->operation = operation;
    running_->begins = true;
    if (is_read) reads_ |= 1U << operation;
}

void ScheduleRuntime::end_operation(int operation) {
    if (runs_free_) return;
    running_->operation = -1;
    under_way_ &= ~(1U << operation);
    returned_ |= 1U << operation;
    footprint_.ended |= 1U << operation;
}

void ScheduleRuntime::forget_operation(int operation) {
    under_way_ &= ~(1U << operation);
    footprint_.ended |= 1U << operation;
}

void ScheduleRuntime::sleep_until(Instant when) {
    ScheduleTask& one = *running_;
    if (leaves(one) || when <= now_) return;
    if (std::exchange(one.announces_look, false)) {
        if (are_limits_over_) {
            one.end = End::cancel;
            throw Cancelled();
        }
        one.has_limit = true;
        return stop_and_wait(one, State::looks);
    }
    if (runs_free_) return;
    footprint_.marks_operations = true;
    const std::uint32_t own = one.operation >= 0 ? 1U << one.operation : 0;
    one.waits_for = under_way_ & reads_ & ~own;
    if (one.waits_for != 0) stop_and_wait(one, State::sleeps);
    one.waits_for = 0;
}

void ScheduleRuntime::park(std::string_view /*why*/) {
    ScheduleTask& one = *running_;
    if (leaves(one) || std::exchange(one.is_unparked, false)) return;
    one.has_limit = false;
    stop_and_wait(one, State::parked);
}

bool ScheduleRuntime::park_until(Instant when, std::string_view /*why*/) {
    ScheduleTask& one = *running_;
    if (leaves(one)) return false;
    if (std::exchange(one.is_unparked, false)) return true;
    if (when <= now_) return false;
    const bool looks = std::exchange(one.announces_look, false);
    one.has_limit = true;
    one.is_timed_out = false;
    stop_and_wait(one, looks && !are_limits_over_ ? State::looks : State::parked);
    return !std::exchange(one.is_timed_out, false);
}

void ScheduleRuntime::unpark(Task* task) {
    if (ending() != End::kill) wake(task);
}

void ScheduleRuntime::wake(Task* task) {
    auto& one = static_cast<ScheduleTask&>(*task);
    if (one.state == State::parked && !one.is_ready) {
        one.is_ready = true;
    } else {
        one.is_unparked = true;
    }
}

}  // namespace stalemark
