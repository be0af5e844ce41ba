// SPDX-License-Identifier: Apache-2.0
// Tasks in groups, over threads and in virtual time.

#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {

using std::chrono::hours;
using std::chrono::milliseconds;

struct Maker {
    std::string name;
    std::unique_ptr<Runtime> (*make)();
};

// Set when the scope in which it lies is left.
struct Mark {
    std::atomic<bool>& is_left;
    ~Mark() { is_left = true; }
};

class GroupPlay : public testing::TestWithParam<Maker> {
protected:
    // In a task of the run.
    void play(std::function<void()> body) {
        TaskGroup tasks(*runtime);
        tasks.spawn("boss", std::move(body));
        runtime->run();
    }

    // Starts a task and returns when it is about to do `wait`.
    void start(TaskGroup& group, std::atomic<bool>& is_left, std::function<void()> wait) {
        std::atomic<bool> has_begun = false;
        group.spawn("waiter", [&has_begun, &is_left, wait = std::move(wait)] {
            const Mark mark{is_left};
            has_begun = true;
            wait();
        });
        while (!has_begun) runtime->sleep_for(milliseconds(1));
        runtime->sleep_for(milliseconds(2));
    }

    std::unique_ptr<Runtime> runtime = GetParam().make();
};

inline const auto both_runtimes = testing::Values(
    Maker{"threads", make_thread_runtime},
    Maker{"virtual", []() -> std::unique_ptr<Runtime> { return make_virtual_runtime(); }});

inline std::string name_of(const testing::TestParamInfo<Maker>& maker) {
    return maker.param.name;
}

}  // namespace stalemark
