// Change-data-capture: follows a store's log of changes and tells every node, with no help from
// the application that writes.

#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "events/bus.h"

namespace stalemark {

class LogTail {
public:
    // The changes since the last call, oldest first; may wait. Nothing: the log cannot be read
    // now; what it holds must be given later.
    using Read = std::function<std::optional<std::vector<Event>>()>;

    // At the end a log that cannot be read is tried so often, a period apart.
    static constexpr int last_tries = 10;

    // Starts a task that reads every `period` and publishes as the commit log; `before` and
    // `after`, if any, are called around each event and may wait.
    LogTail(Runtime& runtime, Bus& bus, Duration period, Read read,
            std::function<void(const Event&)> before = nullptr,
            std::function<void(const Event&)> after = nullptr);

    // Reads what is left, then ends the task; answers whether the log could be read to its
    // end: if not, nobody was told of some changes. Called once, from a task, when nobody
    // writes any more: without it the runtime's run() never returns.
    bool drain();

private:
    void work();
    bool read_all();
    bool is_draining();

    Runtime& runtime_;
    Bus& bus_;
    const Duration period_;
    const Read read_;
    const std::function<void(const Event&)> before_;
    const std::function<void(const Event&)> after_;
    std::mutex guard_;  // Of all below; never held while parked.
    bool draining_ = false;
    bool is_read_to_its_end_ = false;
    Task* worker_ = nullptr;
    Semaphore ended_;
};

}  // namespace stalemark
