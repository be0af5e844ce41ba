// SPDX-License-Identifier: Apache-2.0
// What is promised of virtual time beyond what every runtime promises.

#include "runtime/virtual_runtime.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/errors.h"
#include "runtime/executor.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

TEST(VirtualRuntime, TakesNoRealTimeForAVirtualYear) {
    const auto runtime = make_virtual_runtime();
    TaskGroup tasks(*runtime);
    tasks.spawn("sleeper", [&] { runtime->sleep_for(std::chrono::hours(24 * 365)); });
    runtime->run();
    EXPECT_EQ(runtime->now(), std::chrono::hours(24 * 365));
}

TEST(VirtualRuntime, SleepersWakeInTheOrderOfTheirAlarms) {
    const auto runtime = make_virtual_runtime({.seed = 1});
    TaskGroup tasks(*runtime);
    std::vector<int> woken;
    for (const int order : {3, 1, 2}) {
        tasks.spawn("sleeper", [&, order] {
            runtime->sleep_until(milliseconds(20 * order));
            EXPECT_EQ(runtime->now(), milliseconds(20 * order));
            woken.push_back(order);
        });
    }
    runtime->run();
    EXPECT_EQ(woken, (std::vector{1, 2, 3}));
}

TEST(VirtualRuntime, NamesTheTasksOfADeadlockAndWhatTheyWaitFor) {
    const auto runtime = make_virtual_runtime();
    TaskGroup tasks(*runtime);
    tasks.spawn("romeo", [&] { runtime->park("juliet"); });
    tasks.spawn("juliet", [&] { runtime->park("romeo"); });
    try {
        runtime->run();
        FAIL() << "a deadlock went unnoticed";
    } catch (const std::logic_error& error) {
        EXPECT_STREQ(error.what(),
                     "deadlock: task 'romeo' waits for juliet; task 'juliet' waits for romeo");
    }
}

TEST(VirtualRuntime, UnwindsTheTasksThatNeverEnded) {
    bool is_unwound = false;
    {
        const auto runtime = make_virtual_runtime();
        TaskGroup tasks(*runtime);
        struct Flag {
            bool& flag;
            ~Flag() { flag = true; }
        };
        tasks.spawn("stuck", [&] {
            const Flag flag{is_unwound};
            runtime->park("nothing");
        });
        EXPECT_THROW(runtime->run(), std::logic_error);
        EXPECT_TRUE(is_unwound) << "while what they use is there";
    }
}

TEST(VirtualRuntime, UnwindsTheYoungestTasksFirst) {
    std::string order;
    {
        const auto runtime = make_virtual_runtime();
        TaskGroup tasks(*runtime);
        struct Mark {
            std::string& order;
            char name;
            ~Mark() { order += name; }
        };
        const auto stuck = [&](char name) {
            const Mark mark{order, name};
            runtime->park("nothing");
        };
        tasks.spawn("passing", [] {});
        tasks.spawn("parent", [&] {
            const Mark mark{order, 'p'};
            for (const char name : {'1', '2'}) tasks.spawn("child", [&, name] { stuck(name); });
            runtime->park("nothing");
        });
        tasks.spawn("other", [&] { stuck('o'); });
        EXPECT_THROW(runtime->run(), std::logic_error);
    }
    EXPECT_EQ(order, "21op");
}

TEST(VirtualRuntime, EqualInstantsHaveTheOrderOfTheirMaking) {
    const auto runtime = make_virtual_runtime();
    TaskGroup tasks(*runtime);
    std::string order;
    for (const char name : {'a', 'b', 'c'}) {
        tasks.spawn("task", [&, name] {
            runtime->sleep_until(milliseconds(1));
            order += name;
        });
    }
    runtime->run();
    EXPECT_EQ(order, "abc");
}

// Twenty tasks that sleep for the same few instants; what they leave behind.
struct Trace {
    std::string order;
    VirtualFacts facts;
};

Trace trace_of(std::optional<std::uint64_t> seed) {
    const auto runtime = make_virtual_runtime({.seed = seed});
    TaskGroup tasks(*runtime);
    Trace trace;
    for (char name = 'a'; name < 'u'; ++name) {
        tasks.spawn("task", [&, name] {
            for (int i = 1; i <= 3; ++i) {
                runtime->sleep_until(milliseconds(i));
                trace.order += name;
            }
        });
    }
    runtime->run();
    trace.facts = runtime->facts();
    return trace;
}

TEST(VirtualRuntime, ASeedOrdersTheEventsOfAnInstantTheSameWayEachTime) {
    const Trace once = trace_of(7);
    const Trace again = trace_of(7);
    const Trace other = trace_of(8);
    EXPECT_EQ(once.order, again.order);
    EXPECT_EQ(once.facts.trace_hash, again.facts.trace_hash);
    EXPECT_EQ(once.facts.final_random, again.facts.final_random);
    EXPECT_NE(once.order, trace_of(std::nullopt).order);
    EXPECT_NE(once.order, other.order);
    EXPECT_NE(once.facts.trace_hash, other.facts.trace_hash);
    EXPECT_NE(once.facts.final_random, other.facts.final_random);
    EXPECT_EQ(once.facts.events, 20U * 4U) << "each task is started and woken three times";
}

std::string complaint_of(VirtualRuntime& runtime) {
    try {
        runtime.run();
    } catch (const RunError& error) {
        return error.what();
    }
    return "";
}

TEST(VirtualRuntime, AWatchdogEndsARunThatGoesOnForEver) {
    const auto runtime = make_virtual_runtime({.limits = {.latest = std::chrono::seconds(10)}});
    TaskGroup tasks(*runtime);
    tasks.spawn("walker", [&] {
        for (;;) runtime->sleep_for(std::chrono::seconds(3));
    });
    EXPECT_EQ(complaint_of(*runtime),
              "virtual time would pass its limit of 10s; next is task 'walker'");
}

TEST(VirtualRuntime, AWatchdogCountsTheEventsOfTheWholeRun) {
    const auto runtime = make_virtual_runtime({.limits = {.events_max = 50}});
    TaskGroup tasks(*runtime);
    tasks.spawn("walker", [&] {
        for (;;) runtime->sleep_for(std::chrono::seconds(3));
    });
    EXPECT_EQ(complaint_of(*runtime),
              "the simulation would pass its limit of 50 events; next is task 'walker'");
    EXPECT_EQ(runtime->facts().events, 50U);
    EXPECT_EQ(runtime->now(), std::chrono::seconds(3 * 49)) << "the first event is the start";
}

TEST(VirtualRuntime, AWatchdogLetsARunPassThatEndsAtItsLimits) {
    const auto runtime =
        make_virtual_runtime({.limits = {.latest = milliseconds(2), .events_max = 3}});
    TaskGroup tasks(*runtime);
    tasks.spawn("walker", [&] {
        runtime->sleep_for(milliseconds(1));
        runtime->sleep_for(milliseconds(1));
    });
    EXPECT_EQ(complaint_of(*runtime), "");
}

TEST(VirtualRuntime, AWatchdogNoticesThatTimeStandsStill) {
    const auto runtime = make_virtual_runtime({.limits = {.events_an_instant_max = 1'000}});
    TaskGroup tasks(*runtime);
    tasks.spawn("sleeper", [&] { runtime->sleep_for(milliseconds(5)); });
    tasks.spawn("spinner", [&] {
        runtime->sleep_for(milliseconds(2));
        for (;;) runtime->sleep_for(milliseconds(0));
    });
    EXPECT_EQ(complaint_of(*runtime),
              "virtual time stands still at 2ms: 1001 events, the last of task 'spinner'");
}

TEST(VirtualRuntime, TasksThatComeAndGoUseTheSameStacks) {
    const auto runtime = make_virtual_runtime();
    TaskGroup tasks(*runtime);
    int ended = 0;
    std::set<const void*> places;
    tasks.spawn("parent", [&] {
        for (int i = 0; i < 2'000; ++i) {
            tasks.spawn("child", [&, i] {
                volatile char room[300] = {};
                room[i % 300] = 1;
                places.insert(runtime->self());
                runtime->sleep_for(milliseconds(1));
                ended += room[i % 300];
            });
            runtime->sleep_for(milliseconds(2));
        }
    });
    runtime->run();
    EXPECT_EQ(ended, 2'000);
    EXPECT_LT(places.size(), 50U);
}

TEST(VirtualRuntime, HoldsMoreTasksThanThereAreGuardPagesFor) {
    const auto runtime = make_virtual_runtime();
    TaskGroup tasks(*runtime);
    int ended = 0;
    for (int i = 0; i < 40'000; ++i) {
        tasks.spawn("sleeper", [&] {
            runtime->sleep_for(milliseconds(1));
            ++ended;
        });
    }
    runtime->run();
    EXPECT_EQ(ended, 40'000);
}

}  // namespace
}  // namespace stalemark
