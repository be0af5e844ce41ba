// SPDX-License-Identifier: Apache-2.0
// The guards that lock: what they order, what expires, and what fencing makes of that.

#include <gtest/gtest.h>

#include "strategies/guard_stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class GuardLock : public testing::Test {
protected:
    GuardLock() { set_up(stage); }
    static void set_up(GuardStage& on) {
        on.store.rows[key] = {Bytes("old"), 1};
        on.store.version = 1;
        on.settings.guarding.lock_ttl = milliseconds(100);
    }

    GuardStage stage;
};

TEST_F(GuardLock, AWriterWaitsForAMissUnderLockAndNotUnderLockWriters) {
    for (const auto* guard : {"lock_writers", "lock", "lock_all"}) {
        GuardStage on;
        set_up(on);
        on.store.read_takes = milliseconds(30);
        on.make("cache_aside", guard);
        on.at(0, [&] { on.read(key); });
        on.at(5, [&] {
            on.write(key, "new");
            const bool waits = std::string_view(guard) != "lock_writers";
            EXPECT_EQ(on.runtime->now() >= milliseconds(30), waits) << guard;
        });
        on.play();
    }
}

TEST_F(GuardLock, AHitWaitsForAWriterUnderLockAllAlone) {
    for (const auto* guard : {"lock_writers", "lock", "lock_all"}) {
        GuardStage on;
        set_up(on);
        on.make("write_through", guard);
        on.at(0, [&] { on.read(key); });
        on.at(10, [&] {
            on.cache.next_change_takes = milliseconds(30);
            on.write(key, "new");
        });
        on.at(15, [&] {
            const bool waits = std::string_view(guard) == "lock_all";
            EXPECT_EQ(on.read(key), waits ? "new" : "old") << guard;
            EXPECT_EQ(on.last_outcome, Outcome::hit) << guard;
        });
        on.play();
    }
}

TEST_F(GuardLock, ReadersThatMissAreServedByTheFirstOfThem) {
    stage.store.read_takes = milliseconds(30);
    stage.make("cache_aside", "lock");
    for (const int ms : {0, 1, 2}) {
        stage.at(ms, [&, ms] {
            EXPECT_EQ(stage.read(key), "old");
            EXPECT_EQ(stage.last_outcome, ms == 0 ? Outcome::miss : Outcome::wait);
        });
    }
    stage.play();
    EXPECT_EQ(stage.store.reads, 1);
}

TEST_F(GuardLock, AnotherKeyIsNotHeldUp) {
    stage.store.read_takes = milliseconds(30);
    stage.make("cache_aside", "lock_all");
    stage.at(0, [&] { stage.read(key); });
    stage.at(1, [&] {
        stage.write(Key{8}, "other");
        EXPECT_EQ(stage.runtime->now(), milliseconds(1));
    });
    stage.play();
}

TEST_F(GuardLock, EveryLockIsGivenBack) {
    for (const auto* guard : {"lock_writers", "lock", "lock_all"}) {
        GuardStage on;
        set_up(on);
        on.make("refresh_ahead", guard);
        on.at(0, [&] {
            on.read(key);
            on.read(key);
            on.write(key, "new");
            on.erase(key);
            on.read(key);
            EXPECT_EQ(on.lock_entries->use().entries, 0U) << guard;
        });
        on.play();
    }
}

TEST_F(GuardLock, AWriterThatDiedHoldsUpTheOthersUntilItsLockEnds) {
    stage.make("cache_aside", "lock");
    stage.at(0, [&] {
        // As if it had died with the lock.
        ASSERT_TRUE(stage.locks.put(key, Row(), Life{.ttl = milliseconds(100)}));
    });
    stage.at(5, [&] {
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_GE(stage.runtime->now(), milliseconds(100));
    });
    stage.play();
}

// A holder that pauses for longer than its lock lasts.
TEST_F(GuardLock, FencingRefusesAHolderWhoseLockHasExpired) {
    for (const bool is_fenced : {false, true}) {
        for (const auto* strategy : {"write_through", "cache_aside"}) {
            GuardStage on;
            set_up(on);
            on.settings.guarding.lock_ttl = milliseconds(3);
            on.settings.guarding.fencing = is_fenced;
            on.store.read_takes = milliseconds(10);
            on.make(strategy, "lock");
            std::string seen;
            on.at(0, [&] { on.read(key); });
            on.at(5, [&] { on.write(key, "new"); });
            on.at(1'000, [&] { seen = on.read(key); });
            on.play();
            EXPECT_EQ(seen, is_fenced ? "new" : "old") << strategy;
        }
    }
}

TEST_F(GuardLock, FencingOrdersTwoWritersOfWhomOneHasNoLockAnyMore) {
    for (const bool is_fenced : {false, true}) {
        GuardStage on;
        set_up(on);
        on.settings.guarding.lock_ttl = milliseconds(3);
        on.settings.guarding.fencing = is_fenced;
        on.make("write_through", "lock_writers");
        std::string seen;
        on.at(1, [&] {
            on.cache.next_change_takes = milliseconds(10);
            on.write(key, "first");
        });
        on.at(5, [&] { on.write(key, "second"); });
        on.at(1'000, [&] { seen = on.read(key); });
        on.play();
        EXPECT_EQ(seen, is_fenced ? "second" : "first");
    }
}

TEST_F(GuardLock, TheEraseMayComeBeforeTheStoreAsMissesWait) {
    for (const auto* guard : {"none", "lock_writers", "lock"}) {
        GuardStage on;
        set_up(on);
        on.settings.order = Order::cache_first;
        on.store.write_takes = milliseconds(10);
        on.store.lands_late = true;
        on.make("cache_aside", guard);
        std::string seen;
        on.at(0, [&] { on.read(key); });
        on.at(5, [&] { on.write(key, "new"); });
        on.at(8, [&] { on.read(key); });
        on.at(1'000, [&] { seen = on.read(key); });
        on.play();
        EXPECT_EQ(seen, std::string_view(guard) == "lock" ? "new" : "old") << guard;
    }
}

TEST_F(GuardLock, WhereTheLocksCannotBeReachedReadersCacheNothingAndWritersGoOn) {
    stage.make("cache_aside", "lock");
    stage.locks.is_down = true;
    stage.at(0, [&] {
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_EQ(stage.last_outcome, Outcome::bypass);
        EXPECT_EQ(stage.cached(key), "nothing");
        EXPECT_TRUE(stage.write(key, "new"));
        EXPECT_EQ(stage.stored(key), "new");
    });
    stage.play();
}

TEST_F(GuardLock, WritersBehindHoldItToo) {
    stage.make("write_behind", "lock");
    stage.store.read_takes = milliseconds(30);
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] {
        stage.write(key, "new");
        EXPECT_GE(stage.runtime->now(), milliseconds(30));
    });
    stage.at(1'000, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play();
}

}  // namespace
}  // namespace stalemark
