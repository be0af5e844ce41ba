// SPDX-License-Identifier: Apache-2.0
// A mutex for each key: exclusive, independent of other keys, first come first served, gone
// when free.

#include "runtime/key_mutexes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Maker {
    std::string name;
    std::unique_ptr<Runtime> (*make)();
};

class KeyMutexesContract : public testing::TestWithParam<Maker> {
protected:
    std::unique_ptr<Runtime> runtime = GetParam().make();
    KeyMutexes mutexes{*runtime};
    TaskGroup tasks{*runtime};
};

TEST_P(KeyMutexesContract, HeldAcrossASleepOneExcludesTheOthersOfItsKey) {
    constexpr std::uint64_t keys = 3;
    std::atomic<int> inside[keys] = {};
    int entered[keys] = {};
    for (int visitor = 0; visitor < 9; ++visitor) {
        tasks.spawn("visitor", [&] {
            for (std::uint64_t round = 0; round < 30; ++round) {
                const std::uint64_t key = round % keys;
                const KeyMutexes::Lock lock(mutexes, Key{key});
                EXPECT_EQ(++inside[key], 1);
                ++entered[key];
                if (round % 5 == 0) runtime->sleep_for(microseconds(20));
                --inside[key];
            }
        });
    }
    runtime->run();
    for (const int number : entered) EXPECT_EQ(number, 90);
    EXPECT_EQ(mutexes.in_use(), 0);
}

// Ten thousand keys share buckets; each counter is guarded by nothing but the mutex of its key.
TEST_P(KeyMutexesContract, NoIncrementUnderAMutexIsLost) {
    constexpr std::uint64_t keys = 10'000;
    constexpr std::uint64_t rounds = 40'000;
    std::vector<std::uint64_t> counters(keys);
    for (std::uint64_t task = 0; task < 4; ++task) {
        tasks.spawn("task", [&, task] {
            for (std::uint64_t round = 0; round < rounds; ++round) {
                // Every other one hits a key that is popular.
                const std::uint64_t key =
                    round % 2 == 0 ? round % 3 : mix(round + task * rounds) % keys;
                const KeyMutexes::Lock lock(mutexes, Key{key});
                ++counters[key];
            }
        });
    }
    runtime->run();
    std::uint64_t sum = 0;
    for (const std::uint64_t counter : counters) sum += counter;
    EXPECT_EQ(sum, 4 * rounds);
    EXPECT_EQ(mutexes.in_use(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    BothRuntimes, KeyMutexesContract,
    testing::Values(Maker{"threads", make_thread_runtime},
                    Maker{"virtual",
                          [] { return std::unique_ptr<Runtime>(make_virtual_runtime()); }}),
    [](const auto& maker) { return maker.param.name; });

class KeyMutexesInVirtualTime : public testing::Test {
protected:
    std::unique_ptr<VirtualRuntime> runtime = make_virtual_runtime();
    KeyMutexes mutexes{*runtime};
    TaskGroup tasks{*runtime};
};

// All of them at the same instant: no pair is left out.
TEST_F(KeyMutexesInVirtualTime, AHolderDelaysNoOtherKey) {
    constexpr std::uint64_t keys = 5'000;
    std::uint64_t held_at_once = 0;
    for (std::uint64_t key = 0; key < keys; ++key) {
        tasks.spawn("holder", [&, key] {
            const KeyMutexes::Lock lock(mutexes, Key{key});
            EXPECT_EQ(runtime->now(), Instant{0}) << "key " << key;
            ++held_at_once;
            // They leave in another order than they came.
            runtime->sleep_for(seconds(1) + microseconds(mix(key) % 1'000));
        });
    }
    tasks.spawn("observer", [&] {
        runtime->sleep_until(milliseconds(500));
        EXPECT_EQ(held_at_once, keys);
        EXPECT_EQ(mutexes.in_use(), keys);
    });
    runtime->run();
    EXPECT_EQ(mutexes.in_use(), 0);
}

TEST_F(KeyMutexesInVirtualTime, TasksAreServedInTheOrderOfTheirComing) {
    std::vector<int> served;
    for (int task = 0; task < 50; ++task) {
        tasks.spawn("task", [&, task] {
            runtime->sleep_until(microseconds(task));
            const KeyMutexes::Lock lock(mutexes, Key{task % 2 == 0 ? 7u : 8u});
            // Each holds it for 1 ms: those of its key leave 1 ms apart.
            served.push_back(task);
            runtime->sleep_for(milliseconds(1));
            EXPECT_EQ(runtime->now(), milliseconds(1 + task / 2) + microseconds(task % 2));
        });
    }
    runtime->run();
    ASSERT_EQ(served.size(), 50);
    for (int task = 0; task < 50; ++task)
        EXPECT_EQ(served[static_cast<std::size_t>(task)], task);
}

// Of a queue of five behind a holder: each of them is cancelled while it waits; and at the very
// moment at which it was handed the mutex.
TEST(KeyMutexesUnwound, ATaskThatIsCancelledLeavesTheQueue) {
    for (int leaver = 1; leaver <= 5; ++leaver) {
        for (const bool was_handed_over : {false, true}) {
            const auto runtime = make_virtual_runtime();
            KeyMutexes mutexes(*runtime);
            std::vector<int> served;
            TaskGroup staying(*runtime);
            TaskGroup leaving(*runtime);
            for (int task = 0; task <= 5; ++task) {
                (task == leaver ? leaving : staying).spawn("task", [&, task] {
                    runtime->sleep_until(milliseconds(task));
                    {
                        const KeyMutexes::Lock lock(mutexes, Key{1});
                        served.push_back(task);
                        runtime->sleep_for(seconds(1));
                    }
                    if (was_handed_over && task == leaver - 1) leaving.cancel();
                });
            }
            if (!was_handed_over) {
                staying.spawn("canceller", [&] {
                    runtime->sleep_until(milliseconds(500));
                    leaving.cancel();
                });
            }
            runtime->run();
            std::vector<int> expected;
            for (int task = 0; task <= 5; ++task)
                if (task != leaver) expected.push_back(task);
            EXPECT_EQ(served, expected) << leaver << " left";
            EXPECT_EQ(mutexes.in_use(), 0);
        }
    }
}

TEST_F(KeyMutexesInVirtualTime, AHolderThatIsUnwoundGivesItsMutexToTheNext) {
    bool was_served = false;
    tasks.spawn("holder", [&] {
        try {
            const KeyMutexes::Lock lock(mutexes, Key{1});
            runtime->sleep_for(seconds(1));
            throw std::runtime_error("planted");
        } catch (const std::runtime_error&) {
        }
    });
    tasks.spawn("next", [&] {
        runtime->sleep_for(milliseconds(1));
        const KeyMutexes::Lock lock(mutexes, Key{1});
        EXPECT_EQ(runtime->now(), seconds(1));
        was_served = true;
    });
    runtime->run();
    EXPECT_TRUE(was_served);
    EXPECT_EQ(mutexes.in_use(), 0);
}

}  // namespace
}  // namespace stalemark
