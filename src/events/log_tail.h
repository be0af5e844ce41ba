// SPDX-License-Identifier: Apache-2.0
// Change-data-capture: follows a store's log of changes and tells every node, with no help from
// the application that writes.

#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "events/bus.h"
#include "runtime/executor.h"
#include "runtime/task_group.h"

namespace stalemark {

class LogTail {
public:
    // The changes since the last call, oldest first; may wait. Nothing: the log cannot be read
    // now; what it holds must be given later.
    using Read = std::function<std::optional<std::vector<Event>>()>;

    // Of the changes of one reading so many are treated at once, as by a consumer that sends
    // its calls ahead without waiting for each answer.
    static constexpr std::size_t abreast = 64;

    // At the end a log that cannot be read is tried so often, a period apart.
    static constexpr int last_tries = 10;

    // Starts a task that reads every `period` and publishes as the commit log, in the log's
    // order; `before` and `after`, if any, are called around the publishing of each event, for
    // several events at once, and may wait.
    LogTail(Runtime& runtime, Bus& bus, Duration period, Read read,
            std::function<void(const Event&)> before = nullptr,
            std::function<void(const Event&)> after = nullptr);

    // Reads what is left, then ends the task; answers whether the log could be read to its
    // end: if not, nobody was told of some changes. Called once, from a task, when nobody
    // writes any more; without it the task reads as long as this lives.
    bool drain();

private:
    void work();
    bool read_all();
    void tell(std::span<Event> events);
    void treat(std::span<const Event> events, const std::function<void(const Event&)>& call);
    bool is_draining();
    void set_worker(Task* task);

    Runtime& runtime_;
    Bus& bus_;
    const Duration period_;
    const Read read_;
    const std::function<void(const Event&)> before_;
    const std::function<void(const Event&)> after_;
    std::mutex guard_;  // Of all below; never held while parked.
    bool draining_ = false;
    bool is_read_to_its_end_ = false;
    Task* worker_ = nullptr;            // While it works.
    std::optional<Executor> treating_;  // Nothing: there is nothing to call.
    Semaphore treated_;                 // A place for each call that has returned.
    Semaphore ended_;
    TaskGroup reading_;  // The last member: the first to go.
};

}  // namespace stalemark
