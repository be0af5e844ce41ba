// SPDX-License-Identifier: Apache-2.0
// The two ends of a task: one that is cancelled gives back what it holds; what one that is
// killed does reaches nobody.

#include <gtest/gtest.h>

#include "runtime/group_play.h"
#include "runtime/semaphore.h"

namespace stalemark {
namespace {

class TwoEnds : public GroupPlay {};

TEST_P(TwoEnds, ATaskThatSwallowsItsEndIsToldAgainByItsNextWait) {
    std::atomic<int> swallowed = 0;
    std::atomic<bool> is_left = false;
    play([&] {
        TaskGroup group(*runtime);
        start(group, is_left, [&] {
            while (swallowed < 3) {
                try {
                    runtime->sleep_for(hours(1));
                } catch (...) {
                    ++swallowed;
                }
            }
        });
        group.cancel();
        EXPECT_EQ(swallowed, 3);
        EXPECT_TRUE(is_left);
    });
}

TEST_P(TwoEnds, AWaitInADestructorOfATaskThatUnwindsNeitherThrowsNorHangs) {
    for (const bool is_killed : {false, true}) {
        Semaphore taken(*runtime, 0, Semaphore::OfTheKilled::released);
        std::atomic<bool> has_waited = false;
        struct Waiting {
            Runtime& runtime;
            Semaphore& taken;
            std::atomic<bool>& has_waited;
            ~Waiting() {
                runtime.sleep_for(hours(1));
                runtime.park("nothing");
                EXPECT_FALSE(runtime.park_until(never, "nothing"));
                EXPECT_FALSE(taken.acquire_by(runtime.now() + hours(1), "a place"));
                taken.acquire("a place");
                taken.release();
                has_waited = true;
            }
        };
        play([&] {
            TaskGroup group(*runtime);
            std::atomic<bool> is_left = false;
            start(group, is_left, [&] {
                const Waiting waiting{*runtime, taken, has_waited};
                runtime->park("nothing");
            });
            is_killed ? group.kill() : group.cancel();
        });
        EXPECT_TRUE(has_waited);
        EXPECT_FALSE(taken.try_acquire())
            << "the place that was taken in advance is given back";
        taken.release();
        EXPECT_TRUE(taken.try_acquire());
    }
}

TEST_P(TwoEnds, OnlyATaskThatIsCancelledGivesBackWhatItHolds) {
    using OfTheKilled = Semaphore::OfTheKilled;
    struct Case {
        bool is_killed;
        OfTheKilled of_the_killed;
        bool comes_back;
    };
    for (const Case& one :
         {Case{false, OfTheKilled::lost, true}, Case{true, OfTheKilled::lost, false},
          Case{true, OfTheKilled::released, true}}) {
        Semaphore place(*runtime, 1, one.of_the_killed);
        bool has_place = false;
        play([&] {
            TaskGroup group(*runtime);
            std::atomic<bool> is_left = false;
            std::atomic<bool> is_over = false;
            start(group, is_left, [&] {
                place.acquire("a place");
                struct Leaving {
                    Semaphore& place;
                    ~Leaving() { place.release(); }
                } const leaving{place};
                runtime->park("nothing");
            });
            TaskGroup others(*runtime);
            start(others, is_over, [&] {
                has_place = place.acquire_by(runtime->now() + milliseconds(50), "a place");
            });
            one.is_killed ? group.kill() : group.cancel();
            others.join();
        });
        EXPECT_EQ(has_place, one.comes_back);
    }
}

TEST_P(TwoEnds, AKilledTaskWakesNobody) {
    for (const bool is_killed : {false, true}) {
        play([&] {
            struct Waking {
                Runtime& runtime;
                Task* task;
                ~Waking() { runtime.unpark(task); }
            };
            TaskGroup group(*runtime);
            std::atomic<bool> is_left = false;
            Task* const boss = runtime->self();
            start(group, is_left, [&] {
                const Waking waking{*runtime, boss};
                runtime->park("nothing");
            });
            is_killed ? group.kill() : group.cancel();
            EXPECT_EQ(runtime->park_until(runtime->now() + milliseconds(20), "the waker"),
                      !is_killed);
        });
    }
}

TEST_P(TwoEnds, AKilledTaskMakesNoCallEvenWithoutAWait) {
    for (const bool is_killed : {false, true}) {
        std::atomic<int> calls = 0;
        play([&] {
            struct Calling {
                Runtime& runtime;
                std::atomic<int>& calls;
                ~Calling() { calls += runtime.may_call() ? 1 : 0; }
            };
            TaskGroup group(*runtime);
            std::atomic<bool> is_left = false;
            start(group, is_left, [&] {
                const Calling calling{*runtime, calls};
                try {
                    runtime->park("nothing");
                } catch (const Cancelled&) {
                }
                runtime->may_call();
                ++calls;
            });
            is_killed ? group.kill() : group.cancel();
        });
        EXPECT_EQ(calls, is_killed ? 0 : 1);
    }
}

TEST_P(TwoEnds, AGroupOnTheStackOfAKilledTaskIsKilled) {
    std::atomic<int> ends = 0;
    play([&] {
        struct Noting {
            Runtime& runtime;
            std::atomic<int>& ends;
            ~Noting() { ends += runtime.ending() == End::kill ? 1 : 0; }
        };
        TaskGroup group(*runtime);
        std::atomic<bool> is_left = false;
        start(group, is_left, [&] {
            TaskGroup inner(*runtime);
            inner.spawn("child", [&] {
                const Noting noting{*runtime, ends};
                runtime->park("nothing");
            });
            runtime->park("nothing");
        });
        group.kill();
    });
    EXPECT_EQ(ends, 1);
}

INSTANTIATE_TEST_SUITE_P(Both, TwoEnds, both_runtimes, name_of);

}  // namespace
}  // namespace stalemark
