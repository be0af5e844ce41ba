// SPDX-License-Identifier: Apache-2.0
// What becomes of the write-behind queue and of a flight when a task is ended that waits there.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "shields/flight.h"
#include "strategies/stage.h"
#include "strategies/write_queue.h"

namespace stalemark {
namespace {

enum class Ended : std::uint8_t { cancelled, killed };

class QueueEndings : public testing::TestWithParam<WhenFull> {
protected:
    QueueEndings() { store.write_takes = milliseconds(10); }

    static Settings of_a_short_queue() {
        Settings settings;
        settings.queue_max = 1;
        settings.when_full = GetParam();
        return settings;
    }

    const Settings settings = of_a_short_queue();
    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    StageStore store{*runtime};
    WriteQueue queue{*runtime, store, settings};
    TaskGroup tasks{*runtime};
};

// The first change is being stored, the second waits or stores, the third comes after it.
TEST_P(QueueEndings, AWriterWhoIsCancelledAtAFullQueueHoldsUpNobody) {
    tasks.spawn("ender", [&] {
        EXPECT_TRUE(queue.add(Key{1}, Bytes("a")));
        TaskGroup group(*runtime);
        group.spawn("writer", [&] { queue.add(Key{2}, Bytes("b")); });
        runtime->sleep_for(milliseconds(5));
        group.cancel();
        EXPECT_TRUE(queue.add(Key{3}, Bytes("c")));
        queue.drain(std::chrono::seconds(1));
    });
    runtime->run();
    EXPECT_EQ(store.rows.size(), 2U);
    EXPECT_FALSE(store.rows.contains(Key{2}));
    EXPECT_EQ(queue.counts().dropped, 0U);
}

TEST_P(QueueEndings, ARunThatFailsWhileItDrainsEnds) {
    tasks.spawn("writer", [&] {
        for (std::uint64_t key = 0; key < 5; ++key) queue.add(Key{key}, Bytes("a"));
        queue.drain(std::chrono::hours(1));
    });
    tasks.spawn("thrower", [&] {
        runtime->sleep_for(milliseconds(5));
        throw std::runtime_error("planted");
    });
    EXPECT_THROW(runtime->run(), std::runtime_error);
    EXPECT_LT(store.batches.size(), 5U);
}

INSTANTIATE_TEST_SUITE_P(Full, QueueEndings,
                         testing::Values(WhenFull::block, WhenFull::caller_runs));

TEST(QueueOverThreads, AnExceptionInTheRunsOwnTaskEndsTheWorker) {
    const auto runtime = make_thread_runtime();
    const Settings settings;
    StageStore store(*runtime);
    WriteQueue queue(*runtime, store, settings);
    TaskGroup tasks(*runtime);
    tasks.spawn("run", [] { throw std::runtime_error("planted"); });
    EXPECT_THROW(runtime->run(), std::runtime_error);
}

TEST(FlightEndings, OneThatWaitsIsForgottenWhenItIsEnded) {
    for (const Ended end : {Ended::cancelled, Ended::killed}) {
        const auto runtime = make_virtual_runtime();
        Flight flight(Instant{0});
        TaskGroup tasks(*runtime);
        tasks.spawn("ender", [&] {
            TaskGroup group(*runtime);
            group.spawn("waiter", [&] { flight.wait(*runtime, never); });
            runtime->sleep_for(milliseconds(1));
            end == Ended::killed ? group.kill() : group.cancel();
            flight.abandon(*runtime);
        });
        runtime->run();
    }
}

TEST(FlightEndings, OnlyALeaderWhoIsCancelledLetsTheOthersGo) {
    for (const Ended end : {Ended::cancelled, Ended::killed}) {
        Stage stage;
        stage.settings.shield.lock_timeout = milliseconds(100);
        stage.store.read_takes = milliseconds(10);
        stage.make("cache_aside", "lock");
        Instant back{0};
        stage.at(0, [&] {
            TaskGroup group(*stage.runtime);
            group.spawn("leader", [&] { stage.read(Key{1}); });
            stage.runtime->sleep_for(milliseconds(5));
            end == Ended::killed ? group.kill() : group.cancel();
        });
        stage.at(1, [&] {
            stage.read(Key{1});
            back = stage.runtime->now();
        });
        stage.play_until();
        EXPECT_EQ(back, milliseconds(end == Ended::killed ? 111 : 15));
    }
}

}  // namespace
}  // namespace stalemark
