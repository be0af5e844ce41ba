// SPDX-License-Identifier: Apache-2.0
// A few tasks that carry out jobs handed to them, in the order of arrival.

#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <vector>

#include "runtime/task_group.h"

namespace stalemark {

class Executor {
public:
    // Starts `tasks` tasks; at most `queue_max` jobs wait for them.
    Executor(Runtime& runtime, std::string_view name, std::size_t tasks, std::size_t queue_max);

    // Takes the job, or answers false because too many wait or close() was called.
    bool submit(std::function<void()> job);

    // Waits for the jobs taken, then ends the tasks. Called once, from a task, or the tasks
    // wait for jobs as long as this lives. A job that throws fails the group of the tasks.
    void close();

private:
    std::function<void()> next();
    void wait_for_job();

    Runtime& runtime_;
    const std::size_t queue_max_;
    std::mutex guard_;  // Never held while parked.
    std::deque<std::function<void()>> jobs_;
    std::vector<Task*> idle_;
    bool closed_ = false;
    TaskGroup tasks_;  // The last member: the first to go.
};

}  // namespace stalemark
