// SPDX-License-Identifier: Apache-2.0
#include "runtime/virtual_runtime.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "core/errors.h"
#include "core/random.h"
#include "runtime/earliest_first.h"
#include "runtime/fiber_task.h"

namespace stalemark {

class FiberRuntime final : public VirtualRuntime {
public:
    explicit FiberRuntime(const VirtualSettings& settings)
        : watchdog_(settings.limits), turns_(std::make_unique<EarliestFirst>(settings.seed)) {}

    VirtualFacts facts() const override {
        return {.events = watchdog_.events(),
                .trace_hash = trace_hash_,
                .final_random = turns_->random_state()};
    }

    Instant now() const override { return now_; }

    void sleep_until(Instant when) override {
        FiberTask& task = *running_;
        if (leaves(task)) return;
        wait(task, fiber_for(turns_->exchange(task, std::max(when, now_))));
    }

    void run() override {
        Fiber thread;
        thread_ = &thread;
        while (!error_ && turns_->next() != nullptr) {
            hand_over(thread, next_fiber());
            if (ended_ != nullptr) tasks_.bury(*std::exchange(ended_, nullptr));
        }
        if (!error_ && !tasks_.is_empty()) {
            error_ = std::make_exception_ptr(std::logic_error(tasks_.deadlock()));
        }
        end_tasks(nullptr, End::cancel);
        turns_->clear();
        tasks_.clear();
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

    Task* self() const override { return running_; }

    void park(std::string_view why) override {
        FiberTask& task = *running_;
        if (leaves(task) || std::exchange(task.unparked, false)) return;
        task.parked = true;
        task.waits_for = why;
        task.expected_event = 0;
        wait(task, next_fiber());
    }

    bool park_until(Instant when, std::string_view why) override {
        FiberTask& task = *running_;
        if (leaves(task)) return false;
        if (std::exchange(task.unparked, false)) return true;
        if (when <= now_) return false;
        task.parked = true;
        task.waits_for = why;
        wait(task, fiber_for(turns_->exchange(task, when)));
        return !std::exchange(task.parked, false);
    }

    void unpark(Task* task) override {
        if (ending() != End::kill) wake(task);
    }

    void wake(Task* task) override {
        auto& fiber_task = static_cast<FiberTask&>(*task);
        if (std::exchange(fiber_task.parked, false)) {
            turns_->add(fiber_task, now_);
        } else {
            fiber_task.unparked = true;
        }
    }

    End ending() const override { return running_ == nullptr ? End::none : running_->end; }

private:
    friend class FiberGroup;

    std::unique_ptr<Group> make_group() override;

    void start(std::string_view name, std::function<void()> body, FiberGroup& group) {
        FiberTask& task = tasks_.add(name, group, [this]() -> Fiber& { return live(); });
        task.body = std::move(body);
        turns_->add(task, now_);
    }

    // Whether the task is being ended and must not wait: it throws unless the task unwinds.
    static bool leaves(const FiberTask& task) {
        if (task.end == End::none) [[likely]]
            return false;
        if (std::uncaught_exceptions() == 0) throw Cancelled();
        return true;
    }

    static void wait(FiberTask& task, Fiber& next) {
        hand_over(task.fiber, next);
        leaves(task);
    }

    // Tasks switch to each other and not by way of run(). Whose own turn is next just goes on.
    static void hand_over(Fiber& from, Fiber& to) {
        if (&from != &to) from.switch_to(to);
    }

    // Whose turn is next: the thread's, in run(), when no task's is.
    Fiber& next_fiber() { return fiber_for(turns_->take()); }
    Fiber& no_fiber() {
        running_ = nullptr;
        return *thread_;
    }

    // The same with this event for the next, unless it is out of date.
    Fiber& fiber_for(Turns::Turn event) {
        while (event.owner != nullptr && event.order != event.owner->expected_event) {
            tasks_.forget(*event.owner);
            event = turns_->take();
        }
        if (event.owner == nullptr) return no_fiber();
        FiberTask& task = *event.owner;
        --task.events;
        if (!watchdog_.allows(event.when)) {
            fail(std::make_exception_ptr(RunError(watchdog_.complaint(task.text()))));
            return no_fiber();
        }
        now_ = event.when;
        trace_hash_ = mix(trace_hash_ ^ mix(static_cast<std::uint64_t>(now_.count())) ^
                          (task.number * 0x9e3779b97f4a7c15));
        running_ = &task;
        if (const FiberTask* const next = turns_->next()) next->fetch();
        return task.fiber;
    }

    Fiber& live();

    // Ends the run: no task has another turn but to unwind.
    void fail(std::exception_ptr error) {
        if (!error_) error_ = std::move(error);
        turns_->clear();
        const auto all = [](const FiberTask&) { return true; };
        for (FiberTask* const task : tasks_.youngest_first(all)) mark(*task, End::cancel);
    }

    static void mark(FiberTask& task, End how) { task.end = std::max(task.end, how); }

    // Those of the group; nullptr: all. No other task has a turn in between.
    void end_tasks(const FiberGroup* group, End how) {
        const auto ended = tasks_.youngest_first(
            [&](const FiberTask& task) { return group == nullptr || &task.group == group; });
        for (FiberTask* const task : ended) mark(*task, how);
        ++endings_;
        for (FiberTask* const task : ended) {
            if (task->waits(running_)) unwind(*task);
        }
        // Not within another: that has a list which may name the same tasks.
        if (--endings_ == 0) tasks_.sweep();
    }

    void unwind(FiberTask& task) {
        task.parked = false;
        task.expected_event = 0;
        FiberTask* const unwinder = std::exchange(running_, &task);
        if (task.fiber.has_begun()) {
            Fiber outside;
            Fiber& here = unwinder != nullptr ? unwinder->fiber : outside;
            task.unwinder = &here;
            if (unwinder != nullptr) unwinder->is_unwinding_another = true;
            here.switch_to(task.fiber);
            if (unwinder != nullptr) unwinder->is_unwinding_another = false;
        } else {
            finish(task);
        }
        running_ = unwinder;
        task.is_over = true;
    }

    static void finish(FiberTask& task);

    Instant now_{0};
    Watchdog watchdog_;
    std::uint64_t trace_hash_ = 0;
    const std::unique_ptr<Turns> turns_;
    FiberTasks tasks_;
    FiberTask* running_ = nullptr;
    FiberTask* ended_ = nullptr;  // Its fiber has, and it is to be buried.
    Fiber* thread_ = nullptr;     // While it is in run().
    int endings_ = 0;             // Calls of end_tasks() under way, one within the other.
    std::exception_ptr error_;    // The first; it ends the run.
};

class FiberGroup final : public Runtime::Group {
public:
    explicit FiberGroup(FiberRuntime& runtime)
        : runtime_(runtime), is_of_a_task_(runtime.running_ != nullptr) {}

    ~FiberGroup() override {
        end(std::max(End::cancel, runtime_.ending()));
        if (error_) runtime_.fail(error_);
    }

    void spawn(std::string_view name, std::function<void()> body) override {
        if (error_ || runtime_.error_) return;
        runtime_.start(name, std::move(body), *this);
        ++alive_;
    }

    void join() override {
        struct Joiner {
            FiberTask*& place;
            ~Joiner() { place = nullptr; }
        } const joiner{joiner_};
        for (joiner_ = runtime_.running_; alive_ > 0;) runtime_.park("tasks to end");
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    }

    void end(End how) override {
        if (alive_ > 0) runtime_.end_tasks(this, how);
    }

    void fail(std::exception_ptr error) {
        if (!is_of_a_task_) {
            runtime_.fail(std::move(error));
        } else if (!error_) {
            error_ = std::move(error);
            end(End::cancel);
        }
    }

    void leave() {
        if (--alive_ == 0 && joiner_ != nullptr) runtime_.wake(joiner_);
    }

private:
    FiberRuntime& runtime_;
    const bool is_of_a_task_;  // Else of the run.
    std::size_t alive_ = 0;
    FiberTask* joiner_ = nullptr;
    std::exception_ptr error_;  // The first, until it is joined for.
};

std::unique_ptr<Runtime::Group> FiberRuntime::make_group() {
    return std::make_unique<FiberGroup>(*this);
}

// The running task, from its first step to its last.
Fiber& FiberRuntime::live() {
    FiberTask& task = *running_;
    try {
        task.body();
    } catch (const Cancelled&) {
    } catch (...) {
        task.group.fail(std::current_exception());
    }
    finish(task);
    if (task.unwinder != nullptr) return *task.unwinder;
    ended_ = &task;  // It cannot take down the fiber that it stands on: run() does.
    return no_fiber();
}

void FiberRuntime::finish(FiberTask& task) {
    task.body = nullptr;
    task.group.leave();
}

std::unique_ptr<VirtualRuntime> make_virtual_runtime(const VirtualSettings& settings) {
    return std::make_unique<FiberRuntime>(settings);
}

}  // namespace stalemark
