#include "runtime/virtual_runtime.h"

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

#include "runtime/fiber.h"

namespace stalemark {
namespace {

constexpr std::size_t stack_bytes = std::size_t{256} * 1024;

struct FiberTask final : Task {
    FiberTask(std::string_view task_name, std::function<void()> body) : name(task_name) {
        fiber.emplace(stack_bytes, std::move(body));
    }

    std::string name;
    std::string waits_for;  // While parked.
    std::uint64_t expected_event =
        0;  // The only event that may resume it; others are out of date.
    bool parked = false;
    bool unparked = false;
    bool ended = false;
    std::uint64_t events = 0;  // How many in the queue name this task.
    std::list<FiberTask>::iterator place;
    std::optional<Fiber> fiber;
};

class VirtualRuntime final : public Runtime {
public:
    Instant now() const override { return now_; }

    void sleep_until(Instant when) override {
        wake(*running_, std::max(when, now_));
        running_->fiber->yield();
    }

    void spawn(std::string_view name, std::function<void()> body) override {
        FiberTask& task = tasks_.emplace_back(name, [this, body = std::move(body)] {
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
            if (next.number == next.task->expected_event) resume(*next.task, next.when);
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
        std::uint64_t number;  // Breaks ties, so that equal times still have one order.
        FiberTask* task;

        bool operator>(const Event& other) const {
            return std::tie(when, number) > std::tie(other.when, other.number);
        }
    };

    void wake(FiberTask& task, Instant when) {
        task.expected_event = ++events_made_;
        ++task.events;
        events_.push({when, task.expected_event, &task});
    }

    void resume(FiberTask& task, Instant when) {
        now_ = when;
        running_ = &task;
        if (!task.fiber->resume()) {
            task.fiber.reset();
            task.ended = true;
            task.expected_event = 0;
        }
        running_ = nullptr;
    }

    std::string deadlock() const {
        std::string text = "deadlock:";
        for (const FiberTask& task : tasks_) {
            text += " task '" + task.name + "' waits for " + task.waits_for + ";";
        }
        text.pop_back();
        return text;
    }

    Instant now_{0};
    std::uint64_t events_made_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;  // Earliest on top.
    std::list<FiberTask> tasks_;  // A list: tasks never move while they run.
    FiberTask* running_ = nullptr;
    std::exception_ptr error_;
};

}  // namespace

std::unique_ptr<Runtime> make_virtual_runtime() { return std::make_unique<VirtualRuntime>(); }

}  // namespace stalemark
