// SPDX-License-Identifier: Apache-2.0
// What each task has for itself, in both runtimes.

#include "runtime/per_task.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <vector>

#include "runtime/group_play.h"
#include "runtime/task_slots.h"

namespace stalemark {
namespace {

TEST(TaskSlots, GivesOutTheSmallestThatIsNew) {
    TaskSlots slots;
    EXPECT_EQ(slots.take(), 1U);
    EXPECT_EQ(slots.take(), 2U);
    EXPECT_EQ(slots.take(), 3U);
}

TEST(TaskSlots, GivesOutAgainWhatWasGivenBack) {
    TaskSlots slots;
    for (int i = 0; i < 3; ++i) slots.take();
    slots.give_back(1);
    slots.give_back(3);
    EXPECT_EQ((std::set{slots.take(), slots.take()}), (std::set<std::uint32_t>{1, 3}));
    EXPECT_EQ(slots.take(), 4U);
}

class PerTaskTest : public GroupPlay {
protected:
    // The slots of the tasks that live. A task is gone when its destructors have run.
    class Lives {
    public:
        bool begin(std::uint32_t slot) {
            const std::lock_guard lock(guard_);
            return alive_.insert(slot).second;
        }
        void end(std::uint32_t slot) {
            const std::lock_guard lock(guard_);
            alive_.erase(slot);
        }

    private:
        std::mutex guard_;
        std::set<std::uint32_t> alive_;
    };
};

TEST_P(PerTaskTest, EachOfManyTasksHasItsOwnAndKeepsIt) {
    constexpr int tasks = 300;  // More than the first blocks hold.
    PerTask<int> numbers(*runtime);
    std::atomic<int> begun = 0;
    play([&] {
        TaskGroup group(*runtime);
        for (int i = 1; i <= tasks; ++i) {
            group.spawn("counter", [&, i] {
                numbers.mine() = i;
                int* const place = &numbers.mine();
                for (++begun; begun < tasks;) runtime->sleep_for(milliseconds(1));
                EXPECT_EQ(&numbers.mine(), place);
                EXPECT_EQ(*place, i);
            });
        }
        group.join();
    });
    int sum = 0;
    numbers.for_each([&](int number) { sum += number; });
    EXPECT_EQ(sum, tasks * (tasks + 1) / 2);
}

TEST_P(PerTaskTest, WhatEndedTasksHaveCountedIsInTheSum) {
    PerTask<int> numbers(*runtime);
    ++numbers.mine();  // Of no task.
    play([&] {
        for (int round = 0; round < 50; ++round) {
            TaskGroup group(*runtime);
            for (int i = 0; i < 4; ++i) group.spawn("counter", [&] { ++numbers.mine(); });
            group.join();
        }
    });
    int sum = 0;
    numbers.for_each([&](int number) { sum += number; });
    EXPECT_EQ(sum, 1 + 50 * 4);
}

TEST_P(PerTaskTest, NoTwoTasksThatLiveHaveTheSameHoweverTheyEnd) {
    Lives lives;
    std::atomic<int> begun = 0;
    const auto live = [&](std::function<void()> wait) {
        struct Life {
            Lives& lives;
            const std::uint32_t slot;
            ~Life() { lives.end(slot); }
        };
        const std::uint32_t slot = runtime->self()->slot;
        EXPECT_TRUE(lives.begin(slot));
        ++begun;
        const Life life{lives, slot};
        wait();
    };
    play([&] {
        const auto brief = [&] { live([&] { runtime->sleep_for(milliseconds(1)); }); };
        const auto endless = [&] { live([&] { runtime->park("nothing"); }); };
        TaskGroup stays(*runtime);
        stays.spawn("stays", endless);
        for (int round = 0; round < 20; ++round) {
            TaskGroup joined(*runtime), cancelled(*runtime), killed(*runtime);
            for (int i = 0; i < 3; ++i) {
                joined.spawn("brief", brief);
                cancelled.spawn("cancelled", endless);
                killed.spawn("killed", endless);
            }
            runtime->sleep_for(milliseconds(1));
            killed.kill();
            for (int i = 0; i < 3; ++i) joined.spawn("brief", brief);
            cancelled.cancel();
            joined.join();
        }
    });
    EXPECT_GT(begun, 20 * 6);
}

TEST_P(PerTaskTest, ATaskThatUnwindsStillHasItsSlot) {
    for (const bool is_killed : {false, true}) {
        std::uint32_t of_ended = 0;
        std::vector<std::uint32_t> of_others;
        std::mutex guard;
        play([&] {
            TaskGroup others(*runtime);
            struct Last {
                Runtime& runtime;
                std::function<void()> act;
                ~Last() { act(); }
            };
            TaskGroup group(*runtime);
            std::atomic<bool> is_left = false;
            start(group, is_left, [&] {
                const Last last{*runtime, [&] {
                                    of_ended = runtime->self()->slot;
                                    for (int i = 0; i < 5; ++i) {
                                        others.spawn("other", [&] {
                                            const std::lock_guard lock(guard);
                                            of_others.push_back(runtime->self()->slot);
                                        });
                                    }
                                }};
                runtime->park("nothing");
            });
            is_killed ? group.kill() : group.cancel();
            others.join();
        });
        EXPECT_NE(of_ended, 0U);
        EXPECT_EQ(of_others.size(), 5U);
        EXPECT_EQ(std::ranges::count(of_others, of_ended), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Both, PerTaskTest, both_runtimes, name_of);

}  // namespace
}  // namespace stalemark
