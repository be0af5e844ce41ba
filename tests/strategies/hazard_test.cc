// SPDX-License-Identifier: Apache-2.0
// The hazard that each strategy's head speaks of, played out: the textbook form must fall for
// it.

#include <gtest/gtest.h>

#include "strategies/claimed_race.h"
#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class Hazard : public testing::Test {
protected:
    // A cold cache, a slow reader and a writer that overtakes it.
    void a_fill_overtaken_by_a_write(std::string_view strategy) {
        stage.make(strategy);
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.read_takes = milliseconds(10);
        stage.at(0, [&] { EXPECT_EQ(stage.read(key), "old"); });
        stage.at(5, [&] { stage.write(key, "new"); });
        stage.at(20, [&] { seen_later = stage.read(key); });
    }

    Stage stage;
    std::string seen_later;
};

TEST_F(Hazard, CacheAsideKeepsAFillThatAWriteHasOvertaken) {
    a_fill_overtaken_by_a_write("cache_aside");
    stage.play_until();
    EXPECT_EQ(seen_later, "old");
    EXPECT_EQ(stage.stored(key), "new");
}

TEST_F(Hazard, ReadThroughKeepsAFillThatAWriteHasOvertaken) {
    a_fill_overtaken_by_a_write("read_through");
    stage.play_until();
    EXPECT_EQ(seen_later, "old");
}

TEST_F(Hazard, ATtlEndsWhatAnOvertakenFillHasLeft) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    a_fill_overtaken_by_a_write("cache_aside");
    std::string after_expiry;
    stage.at(150, [&] { after_expiry = stage.read(key); });
    stage.play_until();
    EXPECT_EQ(seen_later, "old");
    EXPECT_EQ(after_expiry, "new");
}

TEST_F(Hazard, WriteThroughIsInvertedByTwoWriters) {
    stage.settings.invalidate = Invalidate::set;
    stage.make("write_through");
    stage.at(0, [&] {
        stage.cache.next_change_takes =
            milliseconds(10);  // On the way to the cache it dawdles.
        stage.write(key, "first");
    });
    stage.at(5, [&] { stage.write(key, "second"); });
    stage.at(20, [&] { seen_later = stage.read(key); });
    stage.play_until();
    EXPECT_EQ(stage.stored(key), "second");
    EXPECT_EQ(seen_later, "first");
}

TEST_F(Hazard, WriteAroundHidesAWriteFromItsOwnWriter) {
    stage.settings.invalidate = Invalidate::none;
    stage.make("write_around");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.at(0, [&] {
        stage.read(key);
        stage.write(key, "mine");
        seen_later = stage.read(key);
    });
    stage.play_until();
    EXPECT_EQ(seen_later, "old");
}

TEST_F(Hazard, WriteAroundWithSetUpdatesOnlyWhatIsCached) {
    stage.settings.invalidate = Invalidate::set;
    stage.make("write_around");
    stage.at(0, [&] {
        stage.write(key, "uncached");
        EXPECT_EQ(stage.cached(key), "nothing");
        stage.read(key);
        stage.write(key, "cached");
        EXPECT_EQ(stage.cached(key), "cached");
    });
    stage.play_until();
}

TEST_F(Hazard, WriteBehindLeavesTheStoreInThePast) {
    stage.settings.flush_delay = milliseconds(100);
    stage.make("write_behind");
    stage.at(0, [&] { stage.write(key, "new"); });
    stage.at(50, [&] { EXPECT_EQ(stage.stored(key), "absent"); });
    stage.at(150, [&] { EXPECT_EQ(stage.stored(key), "new"); });
    stage.play_until();
}

TEST_F(Hazard, WriteBehindLetsACallThatItLeftLandOnANewerValue) {
    stage.settings.flush_delay = milliseconds(10);
    stage.make("write_behind");
    stage.store.lands_after = milliseconds(100);  // Of whose outcome it hears nothing.
    stage.at(0, [&] { stage.write(Key{1}, "first"); });
    stage.at(20, [&] { stage.write(Key{1}, "second"); });
    stage.play_until(500);
    const auto claimed =
        find_race(default_races(find_strategy("write_behind")), "late_batch").value();
    EXPECT_EQ(claimed.test, this_test());
    EXPECT_EQ(claimed.steps, stage.calls());
    EXPECT_EQ(stage.store.batches, (std::vector<std::string>{"first", "second", "first"}));
    EXPECT_EQ(stage.stored(Key{1}), "first");
    EXPECT_EQ(stage.strategy().queue_counts()->dropped, 0U);  // Nobody notices.
}

TEST_F(Hazard, WriteBehindKeepsASlowFillOverANewerWrite) {
    stage.settings.flush_delay = milliseconds(1);
    a_fill_overtaken_by_a_write("write_behind");
    stage.play_until();
    EXPECT_EQ(stage.stored(key), "new");
    EXPECT_EQ(seen_later, "old");
}

TEST_F(Hazard, ANegativeEntryHidesAnInsertThatOvertookIt) {
    stage.settings.negative_ttl = milliseconds(100);
    stage.make("cache_aside");
    stage.store.read_takes = milliseconds(10);
    std::string after_expiry;
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "absent"); });
    stage.at(5, [&] { stage.write(key, "inserted"); });
    stage.at(20, [&] { seen_later = stage.read(key); });
    stage.at(150, [&] { after_expiry = stage.read(key); });
    stage.play_until();
    EXPECT_EQ(seen_later, "absent");
    EXPECT_EQ(after_expiry, "inserted");
}

TEST_F(Hazard, RefreshAheadHidesLatencyNotStaleness) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.settings.invalidate = Invalidate::none;
    stage.make("refresh_ahead");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.at(0, [&] { stage.read(key); });
    stage.at(10, [&] { stage.write(key, "new"); });
    stage.at(79, [&] { seen_later = stage.read(key); });
    stage.play_until();
    EXPECT_EQ(seen_later, "old");
}

TEST_F(Hazard, RefreshAheadReloadsWhatNobodyReadsAgain) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.make("refresh_ahead");
    stage.at(0, [&] { stage.write(key, "value"); });
    stage.at(1, [&] { stage.read(key); });
    stage.at(90, [&] { stage.read(key); });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 2) << "the load, and a reload in vain";
}

TEST_F(Hazard, RefreshAheadDropsNothingNewerWhenAReloadFindsTheRowGone) {
    stage.settings.ttl_of = [](Key) { return milliseconds(1'000); };
    stage.settings.invalidate = Invalidate::set;
    stage.make("refresh_ahead");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.read_takes = milliseconds(20);
    stage.at(0, [&] { stage.read(key); });
    stage.at(990, [&] {
        stage.store.rows.erase(key);
        EXPECT_EQ(stage.read(key), "old");  // Begins the reload, which finds nothing.
    });
    stage.at(1'000, [&] { stage.write(key, "new"); });
    stage.at(1'100, [&] { EXPECT_EQ(stage.cached(key), "new"); });
    stage.play_until();
}

}  // namespace
}  // namespace stalemark
