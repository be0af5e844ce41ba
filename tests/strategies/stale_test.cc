// SPDX-License-Identifier: Apache-2.0
// The shield `stale` before strategies that look twice or reload by themselves.

#include <gtest/gtest.h>

#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

// Also of those who look a second time, when the wire to the cache has made them queue.
TEST(StaleBehindStrategies, EveryAnswerThatStaleCountsIsAStaleHitWhateverTheStrategy) {
    for (const StrategyEntry& strategy : all_strategies()) {
        SCOPED_TRACE(strategy.name);
        Stage scene;
        scene.settings.ttl_of = [](Key) { return milliseconds(20); };
        scene.settings.shield.grace = milliseconds(30);
        scene.settings.shield.stale_if_error = milliseconds(500);
        scene.settings.shield.error_throttle = milliseconds(10);
        scene.make(strategy.name, "stale");
        scene.store.rows[key] = {Bytes("old"), 1};
        scene.store.read_takes = milliseconds(40);
        scene.cache.get_takes = milliseconds(1);
        scene.at(600, [&] { scene.store.fails_reads_after = true; });
        scene.at(900, [&] { scene.store.fails_reads_after = false; });
        std::uint64_t stale_hits = 0;
        for (int ms = 0; ms < 1'200; ++ms) {
            scene.at(ms, [&] {
                const auto answer = scene.strategy().read(key);
                if (answer && answer->outcome == Outcome::stale_hit) ++stale_hits;
            });
        }
        scene.play_until();
        EXPECT_EQ(scene.shield_count("served_stale") + scene.shield_count("served_on_error"),
                  stale_hits);
        if (strategy.name != "no_cache") {
            EXPECT_GT(scene.shield_count("served_stale"), 0U);
            EXPECT_GT(scene.shield_count("served_on_error"), 0U);
        }
    }
}

TEST(StaleBehindStrategies, WhoQueuedBehindAFailedLoadLeavesTheStoreAlone) {
    Stage scene;
    scene.settings.ttl_of = [](Key) { return milliseconds(100); };
    scene.settings.shield.grace = milliseconds(0);
    scene.settings.shield.stale_if_error = milliseconds(5'000);
    scene.settings.shield.error_throttle = milliseconds(500);
    scene.make("read_through", "stale");
    scene.store.rows[key] = {Bytes("old"), 1};
    scene.store.read_takes = milliseconds(10);
    scene.at(0, [&] { scene.read(key); });
    scene.at(50, [&] { scene.store.fails_reads_after = true; });
    int answered = 0;
    for (int ms = 120; ms < 128; ++ms) {  // All while the first of them waits for the store.
        scene.at(ms, [&] {
            if (scene.read(key) == "old") ++answered;
            EXPECT_EQ(scene.runtime->now(), milliseconds(130));
        });
    }
    scene.play_until();
    EXPECT_EQ(answered, 8);
    EXPECT_EQ(scene.store.reads, 2);
    EXPECT_EQ(scene.shield_count("served_on_error"), 8U);
}

// refresh_ahead reloads what is fresh, and the shield what is not: never both at once.
TEST(StaleBehindStrategies, RefreshAheadAndStaleDoNotReloadAKeyTwiceAtOnce) {
    Stage scene;
    scene.settings.ttl_of = [](Key) { return milliseconds(100); };
    scene.settings.shield.grace = milliseconds(1'000);
    scene.make("refresh_ahead", "stale");
    scene.store.rows[key] = {Bytes("old"), 1};
    scene.store.read_takes = milliseconds(10);
    for (const int ms : {0, 105, 112, 300, 301}) scene.at(ms, [&] { scene.read(key); });
    scene.play_until();
    // Put at 10; refreshed from 105 to 115, past its expiry at 110; revalidated from 300 on.
    EXPECT_EQ(scene.store.reads, 3);
    EXPECT_EQ(scene.shield_count("served_stale"), 3U);
    EXPECT_EQ(scene.shield_count("revalidations"), 1U);
}

TEST(StaleBehindStrategies, RefreshAheadLeavesAStoreAloneThatHasFailed) {
    Stage scene;
    scene.settings.ttl_of = [](Key) { return milliseconds(1'000); };
    scene.settings.shield.error_throttle = milliseconds(50);
    scene.make("refresh_ahead", "stale");
    scene.store.rows[key] = {Bytes("old"), 1};
    scene.at(0, [&] { scene.read(key); });
    scene.at(1, [&] { scene.store.fails_reads = true; });
    for (int ms = 900; ms < 1'100; ++ms) scene.at(ms, [&] { scene.read(key); });
    scene.play_until();
    EXPECT_EQ(scene.store.reads, 5);  // At 0, 900, 950, 1000 and 1050.
    EXPECT_EQ(scene.shield_count("revalidations_failed"), 2U);
}

}  // namespace
}  // namespace stalemark
