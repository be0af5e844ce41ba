// SPDX-License-Identifier: Apache-2.0
// A task of the virtual runtime, and all of them.

#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/fiber.h"
#include "runtime/runtime.h"
#include "runtime/stacks.h"
#include "runtime/task_slots.h"

namespace stalemark {

class FiberGroup;

// Lies at the top of its own stack, so that waking one touches one page, and begins with what
// every event touches.
struct FiberTask final : Task {
    // Takes the stack over from the pool.
    static FiberTask& make(const Stack& stack, std::string_view name, std::uint64_t number,
                           FiberGroup& group, std::function<Fiber&()> life) {
        // Tasks that all lay at the same place of a page would compete for the same lines of
        // the processor's cache.
        static_assert(sizeof(FiberTask) <= bytes);
        const std::size_t taken = bytes + number % places * place_bytes;
        const Stack rest = {stack.bottom, stack.bytes - taken, stack.has_guard_page};
        return *new (rest.bottom + rest.bytes)
            FiberTask(stack, rest, name, number, group, std::move(life));
    }

    // Called ahead of time, so that its turn does not wait for memory.
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
    bool is_unwinding_another = false;
    End end = End::none;
    Fiber fiber;
    std::string_view waits_for;  // While parked.
    const std::string name;
    std::function<void()> body;
    FiberGroup& group;
    Fiber* unwinder = nullptr;  // Goes on when this task has come to its end.
    const Stack stack;
    std::size_t place = 0;  // In the list of all.

    // Whether its fiber has stopped in a wait, or has not begun.
    bool waits(const FiberTask* running) const {
        return this != running && !is_unwinding_another && !is_over;
    }

    std::string text() const {
        if (waits_for.empty()) return fmt::format("task '{}'", name);
        return fmt::format("task '{}', which waited for {}", name, waits_for);
    }

private:
    FiberTask(const Stack& whole, const Stack& rest, std::string_view task_name,
              std::uint64_t task_number, FiberGroup& task_group, std::function<Fiber&()> life)
        : number(task_number),
          fiber(rest, std::move(life)),
          name(task_name),
          group(task_group),
          stack(whole) {}

    static constexpr std::size_t line_bytes = 64;
    static constexpr std::size_t bytes = 512;  // More than its own.
    static constexpr std::size_t places = 5;
    static constexpr std::size_t place_bytes = 256;
    static constexpr std::size_t frames_bytes = 1'280;  // Of a client that waits.
};

class FiberTasks {
public:
    FiberTasks() : stacks_(stack_bytes) {}
    ~FiberTasks() { clear(); }
    FiberTasks(const FiberTasks&) = delete;
    FiberTasks& operator=(const FiberTasks&) = delete;

    bool is_empty() const { return tasks_.empty(); }

    FiberTask& add(std::string_view name, FiberGroup& group, std::function<Fiber&()> life) {
        const Stack stack = stacks_.take(tasks_.size() < guarded_fibers_max);
        FiberTask& task = FiberTask::make(stack, name, ++made_, group, std::move(life));
        task.slot = slots_.take();
        task.place = tasks_.size();
        tasks_.push_back(&task);
        return task;
    }

    // The task has come to its end. It stays until no event names it any more.
    void bury(FiberTask& task) {
        task.is_over = true;
        if (task.events == 0) erase(task);
    }

    // An event that names the task was out of date.
    void forget(FiberTask& task) {
        if (--task.events == 0 && task.is_over) erase(task);
    }

    // Those that `is_meant` of that are not over, the youngest first: what they use may lie on
    // the stacks of those that spawned them.
    template <typename Meant>
    std::vector<FiberTask*> youngest_first(Meant is_meant) const {
        std::vector<FiberTask*> found;
        for (FiberTask* const task : tasks_) {
            if (!task->is_over && is_meant(*task)) found.push_back(task);
        }
        std::ranges::sort(found, std::greater(), &FiberTask::number);
        return found;
    }

    // Each waiting task and what it waits for.
    std::string deadlock() const {
        std::string text = "deadlock:";
        auto tasks = youngest_first([](const FiberTask&) { return true; });
        std::ranges::reverse(tasks);
        for (const FiberTask* const task : tasks) {
            text += fmt::format(" task '{}' waits for {};", task->name, task->waits_for);
        }
        text.pop_back();
        return text;
    }

    // Takes away what is over and named by no event.
    void sweep() {
        for (std::size_t i = tasks_.size(); i-- > 0;) {
            if (tasks_[i]->is_over && tasks_[i]->events == 0) erase(*tasks_[i]);
        }
    }

    // Takes away all. Requires: none waits.
    void clear() {
        for (FiberTask* const task : tasks_) take_down(*task);
        tasks_.clear();
    }

private:
    static constexpr std::size_t stack_bytes = std::size_t{256} * 1024;

    // A guard page splits a mapping in two, and Linux allows a process 65,530 of them. More
    // fibers than this do without: a simulation of so many has small ones of one kind.
    static constexpr std::size_t guarded_fibers_max = 10'000;

    void erase(FiberTask& task) {
        tasks_[task.place] = tasks_.back();
        tasks_[task.place]->place = task.place;
        tasks_.pop_back();
        take_down(task);
    }

    void take_down(FiberTask& task) {
        const Stack stack = task.stack;
        slots_.give_back(task.slot);
        task.~FiberTask();
        stacks_.give_back(stack);
    }

    Stacks stacks_;
    TaskSlots slots_;
    std::vector<FiberTask*> tasks_;  // In no order.
    std::uint64_t made_ = 0;
};

}  // namespace stalemark
