// SPDX-License-Identifier: Apache-2.0
// What each strategy is for: one story for each promise of its head.

#include <gtest/gtest.h>

#include <set>

#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class Idea : public testing::Test {
protected:
    Stage stage;
};

TEST_F(Idea, NoCacheAsksTheStoreEachTime) {
    stage.make("no_cache");
    stage.at(0, [&] {
        for (int i = 0; i < 5; ++i) stage.read(key);
    });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 5);
    EXPECT_TRUE(stage.cache.entries.empty());
}

TEST_F(Idea, CacheAsideReadsTheStoreOnceAndAgainAfterAWrite) {
    stage.make("cache_aside");
    stage.at(0, [&] {
        stage.write(key, "one");
        stage.read(key);
        stage.read(key);
        EXPECT_EQ(stage.store.reads, 1);
        stage.write(key, "two");
        EXPECT_EQ(stage.read(key), "two");
        EXPECT_EQ(stage.store.reads, 2);
    });
    stage.play_until();
}

// As a shared cache hands them out that the near one would not take.
TEST_F(Idea, AnEntryWithoutATokenAnswersLikeAnyOther) {
    for (const char* strategy : {"cache_aside", "read_through"}) {
        Stage scene;
        scene.make(strategy);
        scene.at(0, [&] {
            scene.write(key, "one");
            scene.read(key);
            scene.cache.entries.at(key).stamp = no_stamp;
            EXPECT_EQ(scene.read(key), "one");
            EXPECT_EQ(scene.store.reads, 1) << strategy;
        });
        scene.play_until();
    }
}

TEST_F(Idea, CacheAsideWithSetSparesTheMissAfterAWrite) {
    stage.settings.invalidate = Invalidate::set;
    stage.make("cache_aside");
    stage.at(0, [&] {
        stage.write(key, "two");
        EXPECT_EQ(stage.read(key), "two");
    });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 0);
}

TEST_F(Idea, CacheAsideWithoutInvalidationServesTheOldValueUntilItsTtlEnds) {
    stage.settings.invalidate = Invalidate::none;
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.make("cache_aside");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.at(0, [&] {
        stage.read(key);
        stage.write(key, "new");
    });
    stage.at(99, [&] { EXPECT_EQ(stage.read(key), "old"); });
    stage.at(101, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play_until();
}

TEST_F(Idea, JitterCutsEveryTtlByADifferentPart) {
    stage.settings.ttl_of = [](Key) { return milliseconds(1'000); };
    stage.settings.ttl_jitter = 0.5;
    stage.make("cache_aside");
    stage.at(0, [&] {
        for (std::uint64_t i = 0; i < 100; ++i) {
            stage.store.rows[Key{i}] = {Bytes("x"), 1};
            stage.read(Key{i});
        }
    });
    stage.play_until();
    std::set<Instant> expiries;
    for (const auto& [of, entry] : stage.cache.entries) {
        EXPECT_GT(entry.expires, milliseconds(500));
        EXPECT_LE(entry.expires, milliseconds(1'000));
        expiries.insert(entry.expires);
    }
    EXPECT_EQ(expiries.size(), 100U);
}

TEST_F(Idea, AnAbsentKeyIsRememberedForItsOwnTtl) {
    stage.settings.negative_ttl = milliseconds(100);
    stage.make("cache_aside");
    stage.at(0, [&] {
        stage.read(key);
        EXPECT_EQ(stage.read(key), "absent");
        EXPECT_EQ(stage.store.reads, 1);
    });
    stage.at(150, [&] {
        stage.read(key);
        EXPECT_EQ(stage.store.reads, 2);
    });
    stage.play_until();
}

TEST_F(Idea, ReadThroughLoadsAMissingKeyOnceForAllItsReaders) {
    stage.make("read_through");
    stage.store.rows[key] = {Bytes("loaded"), 1};
    stage.store.read_takes = milliseconds(10);
    int waited = 0;
    for (int i = 0; i < 100; ++i) {
        stage.at(1, [&] {
            EXPECT_EQ(stage.read(key), "loaded");
            if (stage.last_outcome == Outcome::wait) ++waited;
        });
    }
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 1);
    EXPECT_EQ(waited, 99);
}

TEST_F(Idea, CacheAsideLoadsAMissingKeyOnceForEachOfItsReaders) {
    stage.make("cache_aside");
    stage.store.read_takes = milliseconds(10);
    for (int i = 0; i < 100; ++i) stage.at(1, [&] { stage.read(key); });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 100);
}

TEST_F(Idea, WriteThroughNeverMissesWhatWasJustWritten) {
    stage.settings.invalidate = Invalidate::set;
    stage.make("write_through");
    stage.at(0, [&] {
        stage.write(key, "new");
        EXPECT_EQ(stage.read(key), "new");
    });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 0);
}

TEST_F(Idea, RefreshAheadReloadsAPopularEntryBeforeItExpires) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.settings.refresh_at = 0.8;
    stage.make("refresh_ahead");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.at(0, [&] { stage.read(key); });
    stage.at(50, [&] { stage.store.rows[key] = {Bytes("new"), 2}; });
    stage.at(79, [&] { stage.read(key); });
    stage.at(80, [&] { EXPECT_EQ(stage.store.reads, 1); });
    stage.at(85, [&] { EXPECT_EQ(stage.read(key), "old"); });
    stage.at(90, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.at(150, [&] { EXPECT_EQ(stage.last_outcome, Outcome::hit); });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 2);
}

// Entries live for 50 to 100 ms, and somebody reads every tenth of a millisecond.
TEST_F(Idea, RefreshAheadReloadsEachEntryInTheLastPartOfItsOwnLife) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.settings.ttl_jitter = 0.5;
    stage.settings.refresh_at = 0.8;
    stage.make("refresh_ahead");
    stage.store.rows[key] = {Bytes("x"), 1};
    constexpr Duration step = std::chrono::microseconds(100);
    constexpr Duration end = std::chrono::seconds(60);
    std::set<Duration> lives;
    stage.at(0, [&] {
        stage.read(key);
        Instant born = stage.runtime->now();
        while (stage.runtime->now() < end) {
            const Duration life = stage.cache.entries.at(key).expires - born;
            const int reads = stage.store.reads;
            // Up to the read that starts a reload.
            while (stage.store.reads == reads) {
                stage.runtime->sleep_for(step);
                stage.read(key);
                stage.runtime->sleep_for(Duration{1});  // In which the reload is done.
            }
            const Duration age = stage.runtime->now() - Duration{1} - born;
            EXPECT_GE(age, life * 4 / 5);
            EXPECT_LE(age, life * 4 / 5 + step + Duration{2});
            born = stage.runtime->now() - Duration{1};
            lives.insert(life);
        }
    });
    stage.play_until(61'000);
    // On average an entry serves for 0.8 of 75 ms, and for half a step more.
    EXPECT_NEAR(stage.store.reads, end / std::chrono::microseconds(60'050), 20);
    EXPECT_GT(lives.size(), 900U);
}

TEST_F(Idea, RefreshAheadReloadsAKeyOnceHoweverManyAsk) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.make("refresh_ahead");
    stage.store.rows[key] = {Bytes("x"), 1};
    stage.at(0, [&] { stage.read(key); });
    stage.at(1, [&] { stage.store.read_takes = milliseconds(5); });
    for (int i = 0; i < 50; ++i) stage.at(90, [&] { stage.read(key); });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 2);
}

TEST_F(Idea, RefreshAheadThrowsAwayAReloadThatAWriteHasOvertaken) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    stage.settings.invalidate = Invalidate::set;
    stage.make("refresh_ahead");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.at(0, [&] { stage.read(key); });
    stage.at(1, [&] { stage.store.read_takes = milliseconds(10); });
    stage.at(85, [&] { stage.read(key); });
    stage.at(90, [&] { stage.write(key, "new"); });
    stage.at(99, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play_until();
    EXPECT_EQ(stage.cached(key), "new");
}

}  // namespace
}  // namespace stalemark
