// SPDX-License-Identifier: Apache-2.0
// What a group promises of its tasks: at every place where they wait.

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "runtime/executor.h"
#include "runtime/group_play.h"
#include "runtime/semaphore.h"

namespace stalemark {
namespace {

class TaskGroupTest : public GroupPlay {};

// Where a task can wait for ever, or nearly.
const std::vector<std::pair<std::string, std::function<void(Runtime&, Semaphore&)>>> places = {
    {"sleep", [](Runtime& runtime, Semaphore&) { runtime.sleep_for(hours(1'000)); }},
    {"park", [](Runtime& runtime, Semaphore&) { runtime.park("nothing"); }},
    {"park until", [](Runtime& runtime,
                      Semaphore&) { runtime.park_until(runtime.now() + hours(1), "nothing"); }},
    {"a place", [](Runtime&, Semaphore& taken) { taken.acquire("a place"); }},
    {"a place for a while",
     [](Runtime& runtime, Semaphore& taken) {
         taken.acquire_by(runtime.now() + hours(1), "a place");
     }},
    {"an executor",
     [](Runtime& runtime, Semaphore&) {
         Executor executor(runtime, "worker", 2, 2);
         executor.submit([&] { runtime.park("nothing"); });
         executor.close();
     }},
    {"tasks to end",
     [](Runtime& runtime, Semaphore&) {
         TaskGroup group(runtime);
         group.spawn("child", [&] { runtime.park("nothing"); });
         group.join();
     }},
};

TEST_P(TaskGroupTest, ATaskIsEndedWhereverItWaits) {
    for (const bool is_killed : {false, true}) {
        for (const auto& [name, wait] : places) {
            SCOPED_TRACE(name);
            Semaphore taken(*runtime, 0);
            play([&] {
                std::atomic<bool> is_left = false;
                TaskGroup group(*runtime);
                start(group, is_left, [&] { wait(*runtime, taken); });
                EXPECT_FALSE(is_left);
                is_killed ? group.kill() : group.cancel();
                EXPECT_TRUE(is_left);
                taken.release();
                EXPECT_TRUE(taken.try_acquire()) << "nobody waits any more";
            });
        }
    }
}

TEST_P(TaskGroupTest, AnExceptionEndsTheOtherTasksWhereverTheyWait) {
    for (const auto& [name, wait] : places) {
        SCOPED_TRACE(name);
        Semaphore taken(*runtime, 0);
        std::atomic<bool> is_left = false;
        play([&] {
            TaskGroup group(*runtime);
            start(group, is_left, [&] { wait(*runtime, taken); });
            group.spawn("thrower", [] { throw std::runtime_error("planted"); });
            EXPECT_THROW(group.join(), std::runtime_error);
            EXPECT_TRUE(is_left);
            group.join();  // Only once.
        });
    }
}

TEST_P(TaskGroupTest, AnExceptionInTheRunsOwnTaskEndsWhatWaitsForItForEver) {
    for (const auto& [name, wait] : places) {
        SCOPED_TRACE(name);
        Semaphore taken(*runtime, 0);
        std::atomic<bool> is_left = false;
        TaskGroup parts(*runtime);
        parts.spawn("worker", [&] {
            const Mark mark{is_left};
            wait(*runtime, taken);
        });
        TaskGroup tasks(*runtime);
        tasks.spawn("run", [&] {
            runtime->sleep_for(milliseconds(5));
            throw std::runtime_error("planted");
        });
        EXPECT_THROW(runtime->run(), std::runtime_error);
        EXPECT_TRUE(is_left) << "and before run() comes back";
    }
}

TEST_P(TaskGroupTest, LeavingTheScopeByAnExceptionEndsTheTasks) {
    std::atomic<bool> is_left = false;
    const auto failing = [&] {
        play([&] {
            TaskGroup group(*runtime);
            start(group, is_left, [&] { runtime->park("nothing"); });
            throw std::runtime_error("planted");
        });
    };
    EXPECT_THROW(failing(), std::runtime_error);
    EXPECT_TRUE(is_left);
}

TEST_P(TaskGroupTest, AnExceptionThatNobodyJoinsForEndsTheRun) {
    const auto failing = [&] {
        play([&] {
            TaskGroup group(*runtime);
            group.spawn("thrower", [] { throw std::runtime_error("planted"); });
            runtime->sleep_for(milliseconds(5));
        });
    };
    EXPECT_THROW(failing(), std::runtime_error);
}

TEST_P(TaskGroupTest, JoinWaitsForEveryTask) {
    std::atomic<int> ended = 0;
    play([&] {
        TaskGroup group(*runtime);
        for (int i = 0; i < 5; ++i) {
            group.spawn("sleeper", [&, i] {
                runtime->sleep_for(milliseconds(i));
                ++ended;
            });
        }
        group.join();
        EXPECT_EQ(ended, 5);
    });
}

TEST_P(TaskGroupTest, ATaskMayEndItsOwnGroup) {
    std::atomic<bool> is_left = false;
    std::atomic<bool> has_gone_on = false;
    play([&] {
        TaskGroup group(*runtime);
        group.spawn("waiter", [&] {
            const Mark mark{is_left};
            runtime->park("nothing");
        });
        group.spawn("ender", [&] {
            group.cancel();
            EXPECT_TRUE(is_left || GetParam().name == "virtual");  // It may not have begun.
            has_gone_on = true;
            runtime->sleep_for(milliseconds(1));
            ADD_FAILURE() << "a wait after its end";
        });
        group.join();
    });
    EXPECT_TRUE(has_gone_on);
}

TEST_P(TaskGroupTest, NothingIsStartedInAGroupThatHasFailed) {
    play([&] {
        TaskGroup group(*runtime);
        group.spawn("thrower", [] { throw std::runtime_error("planted"); });
        runtime->sleep_for(milliseconds(10));
        group.spawn("late", [] { ADD_FAILURE() << "started"; });
        EXPECT_THROW(group.join(), std::runtime_error);
    });
}

TEST_P(TaskGroupTest, WhatATaskHoldsIsGoneWithIt) {
    const auto held = std::make_shared<int>(1);
    play([&] {
        TaskGroup group(*runtime);
        std::atomic<bool> is_left = false;
        start(group, is_left, [&runtime = *runtime, held] { runtime.park("nothing"); });
        group.spawn("has perhaps not begun", [held] {});
        group.cancel();
        EXPECT_EQ(held.use_count(), 1);
    });
}

TEST_P(TaskGroupTest, AJobThatThrowsDoesNotHoldUpTheClosingOfItsExecutor) {
    play([&] {
        Executor executor(*runtime, "worker", 3, 5);
        executor.submit([] { throw std::runtime_error("planted"); });
        EXPECT_THROW(executor.close(), std::runtime_error);
    });
}

TEST_P(TaskGroupTest, ATaskKeepsTheExceptionThatItHasCaught) {
    const auto catching = [&](const char* text, Duration pause) {
        try {
            throw std::runtime_error(text);
        } catch (const std::exception&) {
            runtime->sleep_for(pause);
            try {
                throw;
            } catch (const std::exception& error) {
                EXPECT_STREQ(error.what(), text);
            }
        }
    };
    play([&] {
        TaskGroup group(*runtime);
        group.spawn("one", [&] { catching("one", milliseconds(10)); });
        group.spawn("two", [&] { catching("two", milliseconds(5)); });
        group.spawn("three", [&] { catching("three", milliseconds(20)); });
        group.join();
    });
}

INSTANTIATE_TEST_SUITE_P(Both, TaskGroupTest, both_runtimes, name_of);

}  // namespace
}  // namespace stalemark
