#include "runtime/virtual_runtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/context/detail/exception.hpp>
#include <exception>
#include <list>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "core/units.h"
#include "runtime/fiber.h"

namespace stalemark {
namespace {

constexpr std::size_t stack_bytes = std::size_t{256} * 1024;

// A guard page splits a mapping in two, and Linux allows a process 65,530 of them. More fibers
// than this do without: a simulation of so many has small ones of one kind.
constexpr std::size_t guarded_fibers_max = 10'000;

struct FiberTask final : Task {
    FiberTask(std::string_view task_name, std::uint64_t task_number, Fiber::Stack stack,
              std::function<void()> body)
        : name(task_name), number(task_number) {
        fiber.emplace(stack, std::move(body));
    }

    std::string name;
    std::uint64_t number;        // In the order of spawning.
    std::string_view waits_for;  // While parked.
    std::uint64_t expected_event =
        0;  // The only event that may resume it; others are out of date. 0: none.
    bool parked = false;
    bool unparked = false;
    bool ended = false;
    std::uint64_t events = 0;  // How many in the queue name this task.
    std::list<FiberTask>::iterator place;
    std::optional<Fiber> fiber;
};

class FiberRuntime final : public VirtualRuntime {
public:
    explicit FiberRuntime(const VirtualSettings& settings)
        : settings_(settings), order_(settings.seed.value_or(0)) {}

    VirtualFacts facts() const override {
        return {.events = events_resumed_,
                .trace_hash = trace_hash_,
                .final_random = order_.state()};
    }

    Instant now() const override { return now_; }

    void sleep_until(Instant when) override {
        wake(*running_, std::max(when, now_));
        running_->fiber->yield();
    }

    void spawn(std::string_view name, std::function<void()> body) override {
        const Fiber::Stack stack = {.bytes = stack_bytes,
                                    .has_guard_page = tasks_.size() < guarded_fibers_max};
        FiberTask& task =
            tasks_.emplace_back(name, ++tasks_made_, stack, [this, body = std::move(body)] {
                try {
                    body();
                } catch (const boost::context::detail::forced_unwind&) {
                    throw;  // The fiber is being taken down.
                } catch (...) {
                    if (!error_) error_ = std::current_exception();
                }
            });
        task.place = std::prev(tasks_.end());
        wake(task, now_);
    }

    void run() override {
        while (!events_.empty()) {
            const Event next = events_.top();
            events_.pop();
            --next.task->events;
            if (next.order == next.task->expected_event) resume(*next.task, next.when);
            if (next.task->ended && next.task->events == 0) tasks_.erase(next.task->place);
        }
        if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
        if (!tasks_.empty()) throw std::logic_error(deadlock());
    }

    Task* self() const override { return running_; }

    void park(std::string_view why) override {
        FiberTask& task = *running_;
        if (std::exchange(task.unparked, false)) return;
        task.parked = true;
        task.waits_for = why;
        task.expected_event = 0;
        task.fiber->yield();
    }

    bool park_until(Instant when, std::string_view why) override {
        FiberTask& task = *running_;
        if (std::exchange(task.unparked, false)) return true;
        if (when <= now_) return false;
        task.parked = true;
        task.waits_for = why;
        wake(task, when);
        task.fiber->yield();
        return !std::exchange(task.parked, false);
    }

    void unpark(Task* task) override {
        auto* const fiber_task = static_cast<FiberTask*>(task);
        if (std::exchange(fiber_task->parked, false)) {
            wake(*fiber_task, now_);
        } else {
            fiber_task->unparked = true;
        }
    }

private:
    struct Event {
        Instant when;
        std::uint64_t order;  // Breaks ties. No two events have the same.
        FiberTask* task;

        bool operator>(const Event& other) const {
            return std::tie(when, order) > std::tie(other.when, other.order);
        }
    };

    void wake(FiberTask& task, Instant when) {
        task.expected_event = next_order();
        ++task.events;
        events_.push({when, task.expected_event, &task});
    }

    // SplitMix64 gives no number twice, so that a drawn order is an order, too.
    std::uint64_t next_order() {
        if (!settings_.seed) return ++orders_made_;
        const std::uint64_t order = order_.next();
        return order != 0 ? order : order_.next();
    }

    void resume(FiberTask& task, Instant when) {
        watch(task, when);
        now_ = when;
        ++events_resumed_;
        trace_hash_ = mix(trace_hash_ ^ mix(static_cast<std::uint64_t>(when.count())) ^
                          (task.number * 0x9e3779b97f4a7c15));
        running_ = &task;
        if (!task.fiber->resume()) {
            task.fiber.reset();
            task.ended = true;
            task.expected_event = 0;
        }
        running_ = nullptr;
    }

    void watch(const FiberTask& task, Instant when) {
        if (when > settings_.latest) {
            throw RunError(fmt::format("virtual time would pass its limit of {}; next is {}",
                                       format_duration(settings_.latest), diagnosis(task)));
        }
        events_this_instant_ = when == now_ ? events_this_instant_ + 1 : 0;
        if (events_this_instant_ > settings_.events_an_instant_max) {
            throw RunError(
                fmt::format("virtual time stands still at {}: {} events, the last of {}",
                            format_duration(now_), events_this_instant_, diagnosis(task)));
        }
    }

    static std::string diagnosis(const FiberTask& task) {
        if (task.waits_for.empty()) return fmt::format("task '{}'", task.name);
        return fmt::format("task '{}', which waited for {}", task.name, task.waits_for);
    }

    std::string deadlock() const {
        std::string text = "deadlock:";
        for (const FiberTask& task : tasks_) {
            text += fmt::format(" task '{}' waits for {};", task.name, task.waits_for);
        }
        text.pop_back();
        return text;
    }

    const VirtualSettings settings_;
    Instant now_{0};
    std::uint64_t tasks_made_ = 0;
    std::uint64_t orders_made_ = 0;  // Without a seed.
    Random order_;                   // With one.
    std::uint64_t events_resumed_ = 0;
    std::uint64_t events_this_instant_ = 0;
    std::uint64_t trace_hash_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;  // Earliest on top.
    std::list<FiberTask> tasks_;  // A list: tasks never move while they run.
    FiberTask* running_ = nullptr;
    std::exception_ptr error_;
};

}  // namespace

std::unique_ptr<VirtualRuntime> make_virtual_runtime(const VirtualSettings& settings) {
    return std::make_unique<FiberRuntime>(settings);
}

}  // namespace stalemark
