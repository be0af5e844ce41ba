// SPDX-License-Identifier: Apache-2.0
// What faults do to the calls over a wire, in virtual time: ten milliseconds a call, and a
// clock of the faults that starts at the hundredth.

#include "wire/disturbance.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

#include "caches/catalog.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "stores/memory_store.h"
#include "wire/latencies.h"
#include "wire/wired_cache.h"
#include "wire/wired_store.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

constexpr Key key{1};
constexpr Duration for_ever = Duration::max();
constexpr int start_ms = 100;

class DisturbanceTest : public testing::Test {
protected:
    // Must be called before the first call.
    void plan(std::initializer_list<std::string_view> texts) {
        for (const std::string_view text : texts) faults.push_back(parse_fault(text));
    }

    void at(int ms, std::function<void()> play) {
        tasks.spawn("player", [this, ms, play = std::move(play)] {
            runtime->sleep_until(milliseconds(ms));
            play();
        });
    }

    // Plays from the start of the faults' clock on.
    void play(const std::function<void()>& plot) {
        at(start_ms, [this, plot] {
            store_faults().start();
            cache_faults().start();
            plot();
        });
        runtime->run();
    }

    // How long it took.
    Duration timed(const std::function<void()>& call) {
        const Instant began = runtime->now();
        call();
        return runtime->now() - began;
    }

    Disturbance& store_faults() { return made(store_faults_, FaultPlace::store); }
    Disturbance& cache_faults() { return made(cache_faults_, FaultPlace::cache); }

    WiredStore& store() {
        if (!store_) {
            store_wire_ = std::make_unique<Wire>(*runtime, settings, "store wire", 1, nullptr,
                                                 &store_faults());
            store_ = std::make_unique<WiredStore>(*far_store, *store_wire_, 10,
                                                  [this](const Stored&) { ++stored; });
        }
        return *store_;
    }

    WiredCache& cache() {
        if (!cache_) {
            cache_wire_ = std::make_unique<Wire>(*runtime, settings, "cache wire", 1, nullptr,
                                                 &cache_faults());
            cache_ = std::make_unique<WiredCache>(*far_cache, *cache_wire_);
        }
        return *cache_;
    }

    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    std::unique_ptr<Store> far_store = make_memory_store();
    std::unique_ptr<LocalCache> far_cache = find_cache("lru").make({}, *runtime);
    WireSettings settings{.latency = latency("10ms")};
    std::vector<Fault> faults;
    int stored = 0;

private:
    Disturbance& made(std::unique_ptr<Disturbance>& one, FaultPlace place) {
        if (!one) one = std::make_unique<Disturbance>(*runtime, faults, place, 1);
        return *one;
    }

    std::unique_ptr<Disturbance> store_faults_, cache_faults_;
    std::unique_ptr<Wire> store_wire_, cache_wire_;
    std::unique_ptr<WiredStore> store_;
    std::unique_ptr<WiredCache> cache_;
};

TEST_F(DisturbanceTest, NothingHappensBeforeItsClockIsStarted) {
    plan({"store-fails=1", "store-slow@0+1h,x9", "cache-down@0+1h", "cache-flush@0"});
    at(0, [&] {
        EXPECT_EQ(timed([&] { EXPECT_TRUE(store().get(key)); }), milliseconds(10));
        EXPECT_TRUE(cache().put(key, Row{Bytes("a")}, for_ever));
        EXPECT_TRUE(cache().get(key));
    });
    runtime->run();
    EXPECT_EQ(store_faults().calls_hit(), std::vector<std::uint64_t>(4));
    EXPECT_EQ(cache().counts().flushed, 0U);
}

TEST_F(DisturbanceTest, ACallThatComesToAStoreThatIsDownFailsAfterTheFirstHalfOfItsDelay) {
    plan({"store-down@20ms+30ms"});
    play([&] {
        EXPECT_EQ(timed([&] { EXPECT_TRUE(store().put(key, Bytes("a"))); }), milliseconds(10));
        runtime->sleep_until(milliseconds(start_ms + 20));
        const std::vector<Change> batch = {{key, Bytes("b")}};
        EXPECT_EQ(timed([&] { EXPECT_EQ(store().get(key).error(), Trouble::failed); }),
                  milliseconds(5));
        EXPECT_EQ(store().put(key, Bytes("b")).error(), Trouble::failed);
        EXPECT_EQ(store().erase(key).error(), Trouble::failed);
        EXPECT_EQ(store().write(batch).error(), Trouble::failed);
        EXPECT_EQ(runtime->now(), milliseconds(start_ms + 40));
        runtime->sleep_until(milliseconds(start_ms + 50));
        EXPECT_EQ(store().get(key)->bytes, Bytes("a")) << "nothing of it happened";
    });
    EXPECT_EQ(store().counts().failed, 4U);
    EXPECT_EQ(stored, 1) << "only what the store has taken is told of";
    EXPECT_EQ(store_faults().calls_hit(), std::vector<std::uint64_t>{4});
}

TEST_F(DisturbanceTest, ASpellHitsTheCallsThatArriveFromItsBeginningUpToItsEnd) {
    plan({"store-down@20ms+30ms"});
    std::vector<int> failed;
    for (const int ms : {14, 15, 16, 44, 45, 46}) {  // Each arrives 5 ms later.
        at(start_ms + ms, [&, ms] {
            if (!store().get(key)) failed.push_back(ms);
        });
    }
    play([] {});
    EXPECT_EQ(failed, (std::vector{15, 16, 44}));
}

TEST_F(DisturbanceTest, AFailedCallGivesItsServerBackAtOnce) {
    settings.servers = 1;
    plan({"store-down@0+8ms"});
    play([&] {
        at(0, [&] { EXPECT_FALSE(store().get(key)); });
        runtime->sleep_for(milliseconds(1));
        EXPECT_EQ(timed([&] { EXPECT_TRUE(store().get(key)); }), milliseconds(14))
            << "four of waiting and ten of its own";
    });
}

TEST_F(DisturbanceTest, ASlowSpellMakesTheCallsThatAreSentInItTakeSoManyTimesAsLong) {
    plan({"store-slow@20ms+30ms,x20"});
    std::vector<Duration> taken;
    for (const int ms : {19, 20, 49, 50}) {
        at(start_ms + ms, [&] { taken.push_back(timed([&] { store().get(key); })); });
    }
    play([] {});
    EXPECT_EQ(taken, (std::vector<Duration>{milliseconds(10), milliseconds(10),
                                            milliseconds(200), milliseconds(200)}))
        << "in the order of their ends";
    EXPECT_EQ(store_faults().calls_hit(), std::vector<std::uint64_t>{2});
    EXPECT_EQ(store().counts().failed, 0U);
}

TEST_F(DisturbanceTest, ASlowStoreServesFewerCalls) {
    settings.servers = 1;
    plan({"store-slow@0+25ms,x2"});
    std::vector<Instant> answered;
    for (int i = 0; i < 3; ++i) {
        at(start_ms, [&] {
            store().get(key);
            answered.push_back(runtime->now() - milliseconds(start_ms));
        });
    }
    at(start_ms - 1, [&] { store_faults().start(); });
    runtime->run();
    EXPECT_EQ(answered,
              (std::vector<Instant>{milliseconds(20), milliseconds(40), milliseconds(50)}));
}

TEST_F(DisturbanceTest, AChanceHitsItsShareOfTheCallsAndTheSameOnesEveryTime) {
    plan({"store-fails=0.25"});
    std::vector<int> failed;
    constexpr int calls = 4'000;
    play([&] {
        for (int i = 0; i < calls; ++i) {
            if (!store().get(key)) failed.push_back(i);
        }
    });
    EXPECT_NEAR(static_cast<double>(failed.size()) / calls, 0.25, 0.03);
    EXPECT_EQ(store_faults().calls_hit(), std::vector<std::uint64_t>{failed.size()});
    for (int i = 0, expected = 0; i < calls; ++i) {
        const bool fails =
            Random::named(1, "store-fails", static_cast<std::uint64_t>(i)).unit() < 0.25;
        if (!fails) continue;
        EXPECT_EQ(failed.at(static_cast<std::size_t>(expected++)), i);
    }
}

TEST_F(DisturbanceTest, ChancesOfNoneAndOfAllAreExact) {
    for (const bool all : {false, true}) {
        const std::vector<Fault> one = {parse_fault(all ? "store-fails=1" : "store-fails=0")};
        Disturbance disturbance(*runtime, one, FaultPlace::store, 1);
        disturbance.start();
        for (int i = 0; i < 1'000; ++i) EXPECT_EQ(disturbance.fails(), all);
    }
}

TEST_F(DisturbanceTest, ACallThatTwoFaultsCouldHitCountsOnce) {
    plan({"store-down@0+1h", "store-fails=1"});
    play([&] {
        for (int i = 0; i < 7; ++i) EXPECT_FALSE(store().get(key));
    });
    EXPECT_EQ(store_faults().calls_hit(), (std::vector<std::uint64_t>{7, 0}));
}

TEST_F(DisturbanceTest, ACacheThatIsDownIsOutOfReachAndKeepsWhatItHas) {
    plan({"cache-down@0+50ms"});
    ASSERT_TRUE(far_cache->put(key, Row{Bytes("old")}, for_ever));
    play([&] {
        EXPECT_EQ(timed([&] { EXPECT_EQ(cache().get(key).error(), Miss::unavailable); }),
                  milliseconds(5));
        EXPECT_EQ(cache().put(key, Row{Bytes("new")}, for_ever).error(), Trouble::failed);
        EXPECT_EQ(cache().erase(key).error(), Trouble::failed);
        EXPECT_EQ(
            cache().put(key, Row{Bytes("new")}, for_ever, Condition::unchanged(1)).error(),
            Trouble::failed);
        runtime->sleep_until(milliseconds(start_ms + 50));
        EXPECT_EQ(cache().get(key)->row.bytes, Bytes("old"));
    });
    EXPECT_EQ(cache_faults().calls_hit(), std::vector<std::uint64_t>{4});
    EXPECT_EQ(far_cache->counts().gets, 1U) << "the cache heard of nothing";
}

TEST_F(DisturbanceTest, AFlushEmptiesTheCacheOnceAndItFillsAgain) {
    plan({"cache-flush@20ms", "cache-flush@60ms"});
    play([&] {
        for (int i = 0; i < 3; ++i) far_cache->put(Key(i), Row{Bytes("a")}, for_ever);
        EXPECT_TRUE(cache().get(key));
        runtime->sleep_until(milliseconds(start_ms + 15));
        EXPECT_EQ(cache().get(key).error(), Miss::absent) << "it comes there at 20 ms";
        EXPECT_TRUE(cache().put(key, Row{Bytes("b")}, for_ever));
        EXPECT_TRUE(cache().get(key));
        EXPECT_EQ(runtime->now(), milliseconds(start_ms + 45));
        runtime->sleep_until(milliseconds(start_ms + 70));
        EXPECT_EQ(cache().get(key).error(), Miss::absent);
    });
    EXPECT_EQ(cache().counts().flushed, 4U);
    EXPECT_EQ(far_cache->counts().evictions, 0U);
    EXPECT_EQ(far_cache->counts().expirations, 0U);
    EXPECT_EQ(cache_faults().calls_hit(), (std::vector<std::uint64_t>{0, 0}));
}

TEST_F(DisturbanceTest, WhatOthersClearIsNotLostToTheFlush) {
    plan({"cache-flush@50ms"});
    play([&] {
        for (int i = 0; i < 3; ++i) far_cache->put(Key(i), Row{Bytes("a")}, for_ever);
        EXPECT_EQ(far_cache->clear(), 3U);
        EXPECT_TRUE(cache().put(key, Row{Bytes("b")}, for_ever));
        runtime->sleep_until(milliseconds(start_ms + 60));
        EXPECT_FALSE(cache().get(key));
        EXPECT_EQ(far_cache->clear(), 0U);
    });
    EXPECT_EQ(cache().counts().flushed, 1U);
}

TEST_F(DisturbanceTest, CallsThatACacheDoesNotAnswerAreCountedOnTheirWire) {
    plan({"cache-down@0+25ms"});
    play([&] {
        EXPECT_FALSE(cache().put(key, Row{Bytes("a")}, for_ever));
        EXPECT_EQ(cache().get(key).error(), Miss::unavailable);
        EXPECT_FALSE(cache().erase(key));
        runtime->sleep_until(milliseconds(start_ms + 25));
        EXPECT_EQ(cache().get(key).error(), Miss::absent);
    });
    EXPECT_EQ(cache().counts().failed, 3U);
    EXPECT_EQ(cache().counts().gets, 1U);
}

TEST_F(DisturbanceTest, EachTierHasItsOwnFaults) {
    plan({"cache-down@0+1h", "cache-slow@0+1h,x9", "cache-flush@0", "event-loss=1",
          "events-down@0+1h"});
    EXPECT_TRUE(store_faults().is_empty());
    EXPECT_FALSE(cache_faults().is_empty());
    play([&] {
        EXPECT_EQ(timed([&] { EXPECT_TRUE(store().get(key)); }), milliseconds(10));
        EXPECT_FALSE(cache().get(key));
    });
    EXPECT_EQ(cache_faults().calls_hit(), (std::vector<std::uint64_t>{1, 1, 0, 0, 0}));
}

}  // namespace
}  // namespace stalemark
