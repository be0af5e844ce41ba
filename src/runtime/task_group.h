// SPDX-License-Identifier: Apache-2.0
// Tasks that live no longer than a scope: the only way to start one.
//
// A group made in a task is its own: the first exception of one of its tasks cancels the others
// and is rethrown by join(). A group made outside of any task belongs to the whole run: such an
// exception ends the run, and Runtime::run() rethrows it.
//
// A task can be ended while it waits, or when it waits or calls a tier next. It then unwinds by
// an exception of its own (Cancelled). docs/decisions/0021-two-ends-of-a-task.md tells of the
// two ends.

#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "runtime/runtime.h"

namespace stalemark {

class TaskGroup {
public:
    explicit TaskGroup(Runtime& runtime) : group_(runtime.make_group()) {}

    // Ends the tasks as cancel() does, or as kill() where the calling task was killed. An
    // exception that nobody has joined for ends the run.
    ~TaskGroup() = default;

    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    // Starts a task; its name shows up in diagnoses. Nothing is started in a group that has
    // failed, nor in a run that has. Throws RunError if a thread cannot be started.
    void spawn(std::string_view name, std::function<void()> body) {
        group_->spawn(name, std::move(body));
    }

    // Waits until every task has ended, then rethrows the first exception that any of them
    // threw. Called from a task that is not of the group.
    void join() { group_->join(); }

    // Ends every task and returns when they are gone; the calling task, if it is of the group,
    // goes on until its next wait.
    void cancel() { group_->end(End::cancel); }
    void kill() { group_->end(End::kill); }

private:
    std::unique_ptr<Runtime::Group> group_;
};

}  // namespace stalemark
