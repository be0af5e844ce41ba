// SPDX-License-Identifier: Apache-2.0
// What both runtimes promise. Real time is never asserted on but for its order.

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/errors.h"
#include "runtime/executor.h"
#include "runtime/semaphore.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

struct Maker {
    std::string name;
    std::unique_ptr<Runtime> (*make)();
};

class RuntimeContract : public testing::TestWithParam<Maker> {
protected:
    std::unique_ptr<Runtime> runtime = GetParam().make();
    TaskGroup tasks{*runtime};
};

// Threads that woke in order may still have lost their processors before they said so.
TEST_P(RuntimeContract, NoSleeperWakesBeforeItsAlarm) {
    for (const int order : {3, 1, 2}) {
        tasks.spawn("sleeper", [&, order] {
            runtime->sleep_until(milliseconds(2 * order));
            EXPECT_GE(runtime->now(), milliseconds(2 * order));
        });
    }
    runtime->run();
}

TEST_P(RuntimeContract, AnUnparkThatComesFirstIsKept) {
    tasks.spawn("task", [&] {
        runtime->unpark(runtime->self());
        runtime->park("its own unpark");
        runtime->unpark(runtime->self());
        EXPECT_TRUE(runtime->park_until(never, "its own unpark"));
    });
    runtime->run();
}

TEST_P(RuntimeContract, ParkUntilGivesUpAtItsDeadline) {
    tasks.spawn("task", [&] {
        const Instant deadline = runtime->now() + milliseconds(5);
        EXPECT_FALSE(runtime->park_until(deadline, "nothing"));
        EXPECT_GE(runtime->now(), deadline);
    });
    runtime->run();
}

TEST_P(RuntimeContract, ATaskWokenEarlyIsNotWokenAgainByItsOldDeadline) {
    std::atomic<Task*> waiter = nullptr;
    std::vector<bool> woken;
    tasks.spawn("waiter", [&] {
        waiter = runtime->self();
        woken.push_back(runtime->park_until(runtime->now() + milliseconds(300), "the waker"));
        const Instant slept_from = runtime->now();
        runtime->sleep_for(milliseconds(400));
        EXPECT_GE(runtime->now(), slept_from + milliseconds(400));
    });
    tasks.spawn("waker", [&] {
        while (waiter == nullptr) runtime->sleep_for(milliseconds(1));
        runtime->sleep_for(milliseconds(5));
        runtime->unpark(waiter);
    });
    runtime->run();
    EXPECT_EQ(woken, std::vector{true});
}

TEST_P(RuntimeContract, RunRethrowsWhatATaskThrew) {
    tasks.spawn("thrower", [] { throw std::runtime_error("planted"); });
    tasks.spawn("bystander", [&] { runtime->sleep_for(milliseconds(1)); });
    EXPECT_THROW(runtime->run(), std::runtime_error);
}

TEST_P(RuntimeContract, TasksMaySpawnTasks) {
    std::atomic<int> ran = 0;
    tasks.spawn("parent", [&] {
        for (int i = 0; i < 10; ++i) tasks.spawn("child", [&] { ++ran; });
    });
    runtime->run();
    EXPECT_EQ(ran, 10);
}

TEST_P(RuntimeContract, WhoHasWaitedForAPlaceForTooLongLeavesTheQueue) {
    Semaphore places(*runtime, 1);
    bool came_too_late = false;
    bool came_in_time = false;
    tasks.spawn("holder", [&] {
        places.acquire("a place");
        tasks.spawn("impatient", [&] {
            came_too_late = !places.acquire_by(runtime->now() + milliseconds(5), "a place");
        });
        tasks.spawn("patient", [&] {
            runtime->sleep_for(milliseconds(1));  // The second in the queue.
            came_in_time = places.acquire_by(runtime->now() + std::chrono::minutes(5), "it");
            places.release();
        });
        runtime->sleep_for(milliseconds(50));
        places.release();  // To the one who is still there.
    });
    runtime->run();
    EXPECT_TRUE(came_too_late);
    EXPECT_TRUE(came_in_time);
    EXPECT_TRUE(places.try_acquire());
}

TEST_P(RuntimeContract, ASemaphoreNeverLetsInMoreThanItsPlaces) {
    Semaphore places(*runtime, 3);
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    for (int i = 0; i < 12; ++i) {
        tasks.spawn("visitor", [&] {
            places.acquire("a place");
            const int now_inside = ++inside;
            int seen = most;
            while (seen < now_inside && !most.compare_exchange_weak(seen, now_inside)) {
            }
            runtime->sleep_for(milliseconds(2));
            --inside;
            places.release();
        });
    }
    runtime->run();
    EXPECT_LE(most, 3);
    EXPECT_GE(most, 2);
}

TEST_P(RuntimeContract, AnExecutorRunsEveryJobItTookBeforeItCloses) {
    std::atomic<int> done = 0;
    int taken = 0;
    Executor executor(*runtime, "worker", 2, 5);
    tasks.spawn("boss", [&] {
        for (int i = 0; i < 50; ++i) {
            taken += executor.submit([&] {
                runtime->sleep_for(milliseconds(1));
                ++done;
            });
        }
        executor.close();
        EXPECT_EQ(done, taken);
        EXPECT_FALSE(executor.submit([] {}));
    });
    runtime->run();
    EXPECT_GE(taken, 5);
    EXPECT_LT(taken, 50);
}

INSTANTIATE_TEST_SUITE_P(Both, RuntimeContract,
                         testing::Values(Maker{"threads", make_thread_runtime},
                                         Maker{"virtual",
                                               []() -> std::unique_ptr<Runtime> {
                                                   return make_virtual_runtime();
                                               }}),
                         [](const auto& maker) { return maker.param.name; });

}  // namespace
}  // namespace stalemark
