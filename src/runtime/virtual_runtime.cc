#include "runtime/virtual_runtime.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/context/detail/exception.hpp>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/errors.h"
#include "core/random.h"
#include "runtime/event_queue.h"
#include "runtime/fiber.h"

namespace stalemark {
namespace {

constexpr std::size_t stack_bytes = std::size_t{256} * 1024;

// A guard page splits a mapping in two, and Linux allows a process 65,530 of them. More fibers
// than this do without: a simulation of so many has small ones of one kind.
constexpr std::size_t guarded_fibers_max = 10'000;

// Lies at the top of its own stack, so that waking one touches one page, and begins with what
// every event touches.
struct FiberTask final : Task {
    // Takes the stack over from the pool.
    static FiberTask& make(const Stack& stack, std::string_view name, std::uint64_t number,
                           std::function<Fiber&()> life) {
        // Tasks that all lay at the same place of a page would compete for the same lines of
        // the processor's cache.
        static_assert(sizeof(FiberTask) <= bytes);
        const std::size_t taken = bytes + number % places * place_bytes;
        const Stack rest = {stack.bottom, stack.bytes - taken, stack.has_guard_page};
        return *new (rest.bottom + rest.bytes)
            FiberTask(stack, rest, name, number, std::move(life));
    }

    // Whoever fetches it ahead of time does not wait for memory when its turn comes.
    void fetch() const {
        const char* const top = reinterpret_cast<const char*>(this);
        for (std::size_t offset = 0; offset < frames_bytes; offset += line_bytes) {
            __builtin_prefetch(top - offset);
        }
    }

    // The only event that may resume it; others are out of date. 0: none.
    std::uint64_t expected_event = 0;
    const std::uint64_t number;  // In the order of spawning.
    std::uint32_t events = 0;    // How many in the queue name this task.
    bool parked = false;
    bool unparked = false;
    bool is_over = false;
    Fiber fiber;
    std::string_view waits_for;  // While parked.
    const std::string name;
    const Stack stack;
    std::size_t place = 0;  // In tasks_.

private:
    FiberTask(const Stack& whole, const Stack& rest, std::string_view task_name,
              std::uint64_t task_number, std::function<Fiber&()> life)
        : number(task_number), fiber(rest, std::move(life)), name(task_name), stack(whole) {}

    static constexpr std::size_t line_bytes = 64;
    static constexpr std::size_t bytes = 512;  // More than its own.
    static constexpr std::size_t places = 5;
    static constexpr std::size_t place_bytes = 256;
    static constexpr std::size_t frames_bytes = 1'280;  // Of a client that waits.
};

class FiberRuntime final : public VirtualRuntime {
public:
    explicit FiberRuntime(const VirtualSettings& settings)
        : is_seeded_(settings.seed.has_value()),
          random_(settings.seed.value_or(0)),
          watchdog_(settings.limits),
          stacks_(stack_bytes) {}

    // The youngest first: what they use may lie on the stacks of those that spawned them.
    ~FiberRuntime() override {
        std::ranges::sort(tasks_, {}, &FiberTask::number);
        for (; !tasks_.empty(); tasks_.pop_back()) take_down(*tasks_.back());
    }

    VirtualFacts facts() const override {
        return {.events = watchdog_.events(),
                .trace_hash = trace_hash_,
                .final_random = random_.state()};
    }

    Instant now() const override { return now_; }

    void sleep_until(Instant when) override {
        FiberTask& task = *running_;
        hand_over(task.fiber, fiber_for(queue_.exchange(wake_up(task, std::max(when, now_)))));
    }

    void spawn(std::string_view name, std::function<void()> body) override {
        FiberTask& task =
            FiberTask::make(stacks_.take(tasks_.size() < guarded_fibers_max), name,
                            ++tasks_made_, [this, body = std::move(body)]() -> Fiber& {
                                carry_out(body);
                                return end();
                            });
        task.place = tasks_.size();
        tasks_.push_back(&task);
        queue_.add(wake_up(task, now_));
    }

    void run() override {
        Fiber thread;
        thread_ = &thread;
        while (!queue_.empty()) {
            hand_over(thread, next_fiber());
            if (ended_ != nullptr) bury(*std::exchange(ended_, nullptr));
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
        hand_over(task.fiber, next_fiber());
    }

    bool park_until(Instant when, std::string_view why) override {
        FiberTask& task = *running_;
        if (std::exchange(task.unparked, false)) return true;
        if (when <= now_) return false;
        task.parked = true;
        task.waits_for = why;
        hand_over(task.fiber, fiber_for(queue_.exchange(wake_up(task, when))));
        return !std::exchange(task.parked, false);
    }

    void unpark(Task* task) override {
        auto& fiber_task = static_cast<FiberTask&>(*task);
        if (std::exchange(fiber_task.parked, false)) {
            queue_.add(wake_up(fiber_task, now_));
        } else {
            fiber_task.unparked = true;
        }
    }

private:
    using Queue = EventQueue<FiberTask>;

    // An event for the queue. What else in it names the task is out of date from now on.
    Queue::Event wake_up(FiberTask& task, Instant when) {
        task.expected_event = next_order();
        ++task.events;
        return {when, task.expected_event, &task};
    }

    // SplitMix64 gives no number twice, so that a drawn order is an order, too.
    std::uint64_t next_order() {
        if (!is_seeded_) return ++orders_made_;
        const std::uint64_t order = random_.next();
        return order != 0 ? order : random_.next();
    }

    // Tasks switch to each other and not by way of run(). Whose own turn is next just goes on.
    static void hand_over(Fiber& from, Fiber& to) {
        if (&from != &to) from.switch_to(to);
    }

    // Whose turn is next: the thread's, in run(), when no task's is.
    Fiber& next_fiber() { return queue_.empty() ? no_fiber() : fiber_for(queue_.take()); }
    Fiber& no_fiber() {
        running_ = nullptr;
        return *thread_;
    }

    // The same with this event for the next, unless it is out of date.
    Fiber& fiber_for(Queue::Event event) {
        while (event.order != event.owner->expected_event) {
            forget(*event.owner);
            if (queue_.empty()) return no_fiber();
            event = queue_.take();
        }
        FiberTask& task = *event.owner;
        --task.events;
        if (!watchdog_.allows(event.when)) {
            note_error(std::make_exception_ptr(RunError(watchdog_.complaint(diagnosis(task)))));
            queue_ = {};
            return no_fiber();
        }
        now_ = event.when;
        trace_hash_ = mix(trace_hash_ ^ mix(static_cast<std::uint64_t>(now_.count())) ^
                          (task.number * 0x9e3779b97f4a7c15));
        running_ = &task;
        if (!queue_.empty()) queue_.first().owner->fetch();
        return task.fiber;
    }

    void carry_out(const std::function<void()>& body) {
        try {
            body();
        } catch (const boost::context::detail::forced_unwind&) {
            throw;  // The fiber is being taken down.
        } catch (...) {
            note_error(std::current_exception());
        }
    }

    // Of the running task, which cannot take down the fiber that it stands on: run() does.
    Fiber& end() {
        ended_ = running_;
        return no_fiber();
    }

    void bury(FiberTask& task) {
        task.is_over = true;
        if (task.events == 0) erase(task);
    }

    // An event that names the task was out of date.
    void forget(FiberTask& task) {
        if (--task.events == 0 && task.is_over) erase(task);
    }

    void erase(FiberTask& task) {
        tasks_[task.place] = tasks_.back();
        tasks_[task.place]->place = task.place;
        tasks_.pop_back();
        take_down(task);
    }

    void take_down(FiberTask& task) {
        const Stack stack = task.stack;
        task.~FiberTask();
        stacks_.give_back(stack);
    }

    void note_error(std::exception_ptr error) {
        if (!error_) error_ = std::move(error);
    }

    static std::string diagnosis(const FiberTask& task) {
        if (task.waits_for.empty()) return fmt::format("task '{}'", task.name);
        return fmt::format("task '{}', which waited for {}", task.name, task.waits_for);
    }

    std::string deadlock() const {
        std::string text = "deadlock:";
        std::vector<FiberTask*> tasks = tasks_;
        std::ranges::sort(tasks, {}, &FiberTask::number);
        for (const FiberTask* const task : tasks) {
            text += fmt::format(" task '{}' waits for {};", task->name, task->waits_for);
        }
        text.pop_back();
        return text;
    }

    const bool is_seeded_;
    std::uint64_t orders_made_ = 0;  // Without a seed.
    Random random_;                  // With one.
    Instant now_{0};
    Watchdog watchdog_;
    std::uint64_t trace_hash_ = 0;
    Queue queue_;
    Stacks stacks_;
    std::vector<FiberTask*> tasks_;  // In no order.
    std::uint64_t tasks_made_ = 0;
    FiberTask* running_ = nullptr;
    FiberTask* ended_ = nullptr;  // Its fiber has, and it is to be buried.
    Fiber* thread_ = nullptr;     // While it is in run().
    std::exception_ptr error_;
};

}  // namespace

std::unique_ptr<VirtualRuntime> make_virtual_runtime(const VirtualSettings& settings) {
    return std::make_unique<FiberRuntime>(settings);
}

}  // namespace stalemark
