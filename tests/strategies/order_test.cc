// SPDX-License-Identifier: Apache-2.0
// In which order a change reaches store and cache: what each order lets happen, and what a late
// delete makes of it.

#include <gtest/gtest.h>

#include "strategies/guard_stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class OrderTest : public testing::Test {
protected:
    OrderTest() {
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
    }
    // A reader who comes while the writer is at the store.
    void read_during_a_write() {
        stage.store.write_takes = milliseconds(10);
        stage.store.lands_late = true;
        stage.at(0, [&] { EXPECT_EQ(stage.read(key), "old"); });
        stage.at(5, [&] { EXPECT_TRUE(stage.write(key, "new")); });
        stage.at(8, [&] { EXPECT_EQ(stage.read(key), "old"); });
        look_at(1'000);
    }
    // A reader who loads for 30 ms, which a write overtakes.
    void fill_late() {
        stage.store.read_takes = milliseconds(30);
        stage.at(0, [&] { EXPECT_EQ(stage.read(key), "old"); });
        stage.at(5, [&] {
            EXPECT_TRUE(stage.write(key, "new"));
            acknowledged = stage.runtime->now();
        });
        look_at(1'000);
    }
    void look_at(int ms) {
        stage.at(ms, [this] { seen = stage.read(key); });
    }

    GuardStage stage;
    std::string seen;
    Instant acknowledged{0};
};

TEST_F(OrderTest, StoreFirstLetsAReaderInBetweenCacheNothingForGood) {
    stage.make("cache_aside", "none");
    read_during_a_write();
    stage.play();
    EXPECT_EQ(seen, "new");
}

TEST_F(OrderTest, CacheFirstLetsAReaderInBetweenCacheTheOldValue) {
    stage.settings.order = Order::cache_first;
    stage.make("cache_aside", "none");
    read_during_a_write();
    stage.play();
    EXPECT_EQ(seen, "old");
    EXPECT_EQ(stage.stored(key), "new");
}

TEST_F(OrderTest, CacheFirstIsNotMendedByALease) {
    stage.settings.order = Order::cache_first;
    stage.make("cache_aside", "lease");
    read_during_a_write();
    stage.play();
    EXPECT_EQ(seen, "old");
}

TEST_F(OrderTest, BothErasesWhatAReaderInBetweenHasCached) {
    stage.settings.order = Order::both;
    stage.make("cache_aside", "none");
    read_during_a_write();
    stage.play();
    EXPECT_EQ(seen, "new");
}

TEST_F(OrderTest, BothLeavesAFillThatIsLaterStill) {
    stage.settings.order = Order::both;
    stage.make("cache_aside", "none");
    fill_late();
    stage.play();
    EXPECT_EQ(seen, "old");
}

TEST_F(OrderTest, CacheFirstWithSetIsInvertedByTwoWriters) {
    stage.settings.order = Order::cache_first;
    stage.make("write_through", "none");
    stage.at(0, [&] { stage.store.next_write_waits = milliseconds(10); });
    stage.at(1, [&] { EXPECT_TRUE(stage.write(key, "first")); });
    stage.at(5, [&] { EXPECT_TRUE(stage.write(key, "second")); });
    look_at(1'000);
    stage.play();
    EXPECT_EQ(seen, "second");
    EXPECT_EQ(stage.stored(key), "first");
}

TEST_F(OrderTest, AValueThatTheStoreRefusedDoesNotStayInTheCache) {
    for (const Order order : {Order::cache_first, Order::both}) {
        GuardStage on;
        on.settings.order = order;
        on.make("write_through", "none");
        on.store.fails_writes = Trouble::failed;
        on.at(0, [&] {
            EXPECT_FALSE(on.write(key, "phantom"));
            EXPECT_EQ(on.cached(key), "nothing");
        });
        on.play();
    }
}

TEST_F(OrderTest, ASecondDeleteErasesAFillThatCameBeforeIt) {
    for (const int delay : {10, 40}) {
        GuardStage on;
        on.store.rows[key] = {Bytes("old"), 1};
        on.settings.late_delete = milliseconds(delay);
        on.make("cache_aside", "none");
        on.store.read_takes = milliseconds(30);
        on.at(0, [&] { on.read(key); });
        on.at(5, [&] {
            on.write(key, "new");
            EXPECT_EQ(on.runtime->now(), milliseconds(5));  // Before the second delete.
        });
        std::string later;
        on.at(1'000, [&] { later = on.read(key); });
        on.play();
        EXPECT_EQ(later, delay == 10 ? "old" : "new");
    }
}

TEST_F(OrderTest, AWriteMayBeAcknowledgedAfterItsSecondDelete) {
    stage.settings.late_delete = milliseconds(40);
    stage.settings.acknowledges_late = true;
    stage.make("cache_aside", "none");
    fill_late();
    stage.play();
    EXPECT_EQ(acknowledged, milliseconds(45));
    EXPECT_EQ(seen, "new");
}

TEST_F(OrderTest, AnOldValueIsSeenUntilADeleteThatComesLateAndAlone) {
    stage.settings.late_delete = milliseconds(40);
    stage.settings.late_delete_alone = true;
    stage.make("cache_aside", "none");
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] { stage.write(key, "new"); });
    stage.at(44, [&] { EXPECT_EQ(stage.read(key), "old"); });
    stage.at(46, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play();
}

TEST_F(OrderTest, AWriterThatDiesBeforeItsSecondDeleteLeavesTheOldValue) {
    stage.settings.late_delete = milliseconds(40);
    stage.settings.acknowledges_late = true;
    stage.make("cache_aside", "none");
    stage.store.read_takes = milliseconds(30);
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] { EXPECT_THROW(stage.write(key, "new"), Death); });
    stage.at(40, [&] { stage.cache.next_change_dies = true; });
    look_at(1'000);
    stage.play();
    EXPECT_EQ(seen, "old");
}

TEST_F(OrderTest, DrainWaitsForTheLastDelete) {
    stage.settings.late_delete = milliseconds(40);
    stage.make("cache_aside", "none");
    stage.at(0, [&] { stage.write(key, "new"); });
    stage.at(1, [&] {
        stage.read(key);
        stage.strategy().drain();
        EXPECT_EQ(stage.runtime->now(), milliseconds(40));
        EXPECT_EQ(stage.cached(key), "nothing");
    });
    stage.runtime->run();
}

}  // namespace
}  // namespace stalemark
