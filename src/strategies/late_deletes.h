// SPDX-License-Identifier: Apache-2.0
// Deletes of cached copies that come a while after their change was acknowledged.

#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "events/agenda.h"
#include "runtime/executor.h"
#include "runtime/task_group.h"

namespace stalemark {

class LateDeletes {
public:
    explicit LateDeletes(Runtime& runtime) : runtime_(runtime) {}

    // Starts the tasks. Called before the first add().
    void open() {
        running_.emplace(runtime_);
        running_->tasks.spawn("late deletes", [this] {
            while (auto due = running_->agenda.next()) {
                running_->deleting.submit([this, due = std::move(*due)] {
                    runtime_.point({"late deletes", "due"});
                    due();
                });
            }
        });
    }

    // Calls `erase` when `due` has come. What has not been called when the process ends never
    // is.
    void add(Key key, Instant due, std::function<void()> erase) {
        runtime_.point({"late deletes", "add", key});
        running_->agenda.add(due, std::move(erase));
    }

    // Waits until the last delete has been made. Called once, from a task.
    void close() {
        if (!running_) return;
        running_->agenda.close(never);
        running_->tasks.join();
        running_->deleting.close();
    }

private:
    // So many deletes of a node are under way at once.
    static constexpr std::size_t at_once = 16;

    struct Running {
        explicit Running(Runtime& runtime)
            : agenda(runtime, "a delete to be due"),
              deleting(runtime, "late delete", at_once,
                       std::numeric_limits<std::size_t>::max()),
              tasks(runtime) {}

        Agenda<std::function<void()>> agenda;
        Executor deleting;
        TaskGroup tasks;  // The last member: the first to go.
    };

    Runtime& runtime_;
    std::optional<Running> running_;
};

}  // namespace stalemark
