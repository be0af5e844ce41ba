// SPDX-License-Identifier: Apache-2.0
// What becomes of a wire's servers and of its tier when a call is ended on its way.

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "wire/latencies.h"
#include "wire/wire.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

class WireEndings : public testing::Test {
protected:
    // A call that begins at 0, takes 10 ms and is ended at `when`; then another, and when that
    // is back.
    milliseconds next_is_back_at(int when, void (TaskGroup::*end)()) {
        const auto runtime = make_virtual_runtime();
        Wire wire(*runtime, {.latency = latency("10ms"), .servers = 1}, "wire", 1);
        Instant back{0};
        arrived = 0;
        TaskGroup tasks(*runtime);
        tasks.spawn("ender", [&] {
            TaskGroup group(*runtime);
            group.spawn("caller", [&] { wire.carry([&] { return ++arrived; }); });
            runtime->sleep_for(milliseconds(when));
            (group.*end)();
            wire.carry([] { return 0; });
            back = runtime->now();
        });
        runtime->run();
        return std::chrono::duration_cast<milliseconds>(back);
    }

    int arrived = 0;
};

TEST_F(WireEndings, ACallThatThrowsGivesItsServerBack) {
    const auto runtime = make_virtual_runtime();
    Wire wire(*runtime, {.latency = latency("10ms"), .servers = 1}, "wire", 1);
    int answered = 0;
    TaskGroup tasks(*runtime);
    tasks.spawn("caller", [&] {
        const auto failing = [&] {
            wire.carry([]() -> int { throw std::runtime_error("planted"); });
        };
        EXPECT_THROW(failing(), std::runtime_error);
        wire.carry([&] { return ++answered; });
    });
    runtime->run();
    EXPECT_EQ(answered, 1);
}

TEST_F(WireEndings, ACallThatIsEndedGivesItsServerBackAtOnce) {
    for (const auto end : {&TaskGroup::cancel, &TaskGroup::kill}) {
        EXPECT_EQ(next_is_back_at(2, end), milliseconds(12));
        EXPECT_EQ(arrived, 0) << "on its way to the tier";
        EXPECT_EQ(next_is_back_at(7, end), milliseconds(17));
        EXPECT_EQ(arrived, 1) << "on its way back";
    }
}

TEST_F(WireEndings, ACallThatIsEndedInTheQueueLeavesIt) {
    for (const auto end : {&TaskGroup::cancel, &TaskGroup::kill}) {
        const auto runtime = make_virtual_runtime();
        Wire wire(*runtime, {.latency = latency("10ms"), .servers = 1}, "wire", 1);
        std::vector<char> answered;
        TaskGroup tasks(*runtime);
        const auto call = [&](char name) {
            wire.carry([&] {
                answered.push_back(name);
                return 0;
            });
        };
        tasks.spawn("first", [&] { call('a'); });
        tasks.spawn("ender", [&] {
            TaskGroup group(*runtime);
            runtime->sleep_for(milliseconds(1));
            group.spawn("second", [&] { call('b'); });
            runtime->sleep_for(milliseconds(1));
            (group.*end)();
        });
        tasks.spawn("third", [&] {
            runtime->sleep_for(milliseconds(3));
            call('c');
        });
        runtime->run();
        EXPECT_EQ(answered, (std::vector{'a', 'c'}));
        EXPECT_EQ(runtime->now(), milliseconds(20));
    }
}

TEST_F(WireEndings, ACallerWhoIsEndedLeavesTheCallThatMayBeGivenUp) {
    for (const auto end : {&TaskGroup::cancel, &TaskGroup::kill}) {
        const auto runtime = make_virtual_runtime();
        Wire wire(*runtime, {.latency = latency("10ms"), .timeout = milliseconds(50)}, "wire",
                  1);
        int served = 0;
        TaskGroup calls(*runtime);
        TaskGroup tasks(*runtime);
        tasks.spawn("ender", [&] {
            TaskGroup group(*runtime);
            group.spawn("caller", [&] { wire.carry_in_time(calls, [&] { return ++served; }); });
            runtime->sleep_for(milliseconds(2));
            (group.*end)();
            EXPECT_EQ(served, 0);
            wire.settle();
        });
        runtime->run();
        EXPECT_EQ(served, 1) << "it is the tier's by now";
    }
}

}  // namespace
}  // namespace stalemark
