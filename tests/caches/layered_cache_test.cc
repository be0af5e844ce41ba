// SPDX-License-Identifier: Apache-2.0
// A near cache before a shared one: who is asked, who is told, and how old a copy may get.

#include "caches/layered_cache.h"

#include <gtest/gtest.h>

#include "caches/catalog.h"
#include "caches/down_cache.h"
#include "caches/manual_clock.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Key key{7};

Row row(std::string_view text, Version version = 1) {
    return {.bytes = Bytes(text), .version = version};
}

class LayeredCacheTest : public testing::Test {
protected:
    std::unique_ptr<LocalCache> make_lru() { return find_cache("lru").make({}, clock); }
    LayeredCache layered(LayerRules rules = {}) {
        return {*near, *shared, clock, std::move(rules)};
    }
    static LayerRules restarting(Duration ttl, Duration negative_ttl = 1s) {
        return {.restarted_ttl = [=](Key, bool is_absence) {
            return is_absence ? negative_ttl : ttl;
        }};
    }
    std::string text(const std::expected<Cached, Missed>& got) {
        if (!got) return got.error() == Miss::absent ? "miss" : "down";
        return got->row.bytes ? std::string(got->row.bytes->view()) : "absence";
    }
    Duration left(LocalCache& cache) {
        return cache.peek(key, clock.now()).value().expires - clock.now();
    }

    ManualClock clock;
    std::unique_ptr<LocalCache> near = make_lru();
    std::unique_ptr<LocalCache> other_near = make_lru();
    std::unique_ptr<LocalCache> shared = make_lru();
};

TEST_F(LayeredCacheTest, AFillReachesBothAndTheOtherNodeFindsItShared) {
    auto cache = layered();
    LayeredCache other(*other_near, *shared, clock, {});
    EXPECT_EQ(text(cache.get(key)), "miss");
    EXPECT_TRUE(cache.put(key, row("one"), 10s));
    EXPECT_EQ(text(near->get(key)), "one");
    EXPECT_EQ(text(other.get(key)), "one");
    EXPECT_EQ(text(other_near->get(key)), "one");
}

TEST_F(LayeredCacheTest, AFreshNearEntryAnswersWithoutTheSharedCache) {
    auto cache = layered();
    cache.put(key, row("one"), 10s);
    const auto before = shared->counts().gets;
    EXPECT_EQ(text(cache.get(key)), "one");
    EXPECT_EQ(shared->counts().gets, before);
}

TEST_F(LayeredCacheTest, ALookThatIsNoReadsFirstIsNoneInTheSharedCacheEither) {
    auto cache = layered();
    cache.get(key, Look::first);
    cache.get(key, Look::other);
    cache.get(key, Look::other);
    EXPECT_EQ(shared->counts().gets, 1U);
    EXPECT_EQ(shared->counts().other_looks, 2U);
}

TEST_F(LayeredCacheTest, AnEraseReachesBothButNoOtherNode) {
    auto cache = layered();
    LayeredCache other(*other_near, *shared, clock, {});
    cache.put(key, row("one"), 10s);
    other.get(key);
    EXPECT_TRUE(cache.erase(key));
    EXPECT_EQ(text(cache.get(key)), "miss");
    EXPECT_EQ(text(other.get(key)), "one");
}

TEST_F(LayeredCacheTest, ACopyCarriesWhatIsLeftOfItsEntrysTtl) {
    shared->put(key, row("one"), 10s);
    clock.advance(9s);
    auto cache = layered();
    cache.get(key);
    EXPECT_EQ(left(*near), 1s);
    clock.advance(1s);
    EXPECT_EQ(text(cache.get(key)), "miss");
}

TEST_F(LayeredCacheTest, ACopyThatRestartsItsTtlOutlivesItsEntryByAsMuch) {
    shared->put(key, row("one"), 10s);
    clock.advance(9s);
    auto cache = layered(restarting(10s));
    cache.get(key);
    EXPECT_EQ(left(*near), 10s);
    clock.advance(10s - 1ns);  // 19 s after it was loaded.
    EXPECT_EQ(text(cache.get(key)), "one");
    clock.advance(1ns);
    EXPECT_EQ(text(cache.get(key)), "miss");
}

TEST_F(LayeredCacheTest, ACopyHasTheSlackOfItsEntry) {
    clock.advance(5s);
    shared->put(key, row("one"), Life{.ttl = 10s, .load_began = 3s});
    clock.advance(9s);
    for (auto* const rules : {+[] { return LayerRules{}; }, +[] { return restarting(10s); }}) {
        auto cache = layered(rules());
        EXPECT_EQ(cache.get(key)->slack, 2s);
        EXPECT_EQ(near->get(key)->slack, 2s);
        near->clear();
    }
}

TEST_F(LayeredCacheTest, ACopyOfAnAbsenceRestartsTheTtlOfAbsences) {
    shared->put(key, Row(), 1s);
    auto cache = layered(restarting(10s, 1s));
    clock.advance(500ms);
    EXPECT_EQ(text(cache.get(key)), "absence");
    EXPECT_EQ(left(*near), 1s);
}

TEST_F(LayeredCacheTest, ACopyOfAnAbsenceCarriesItsExpiry) {
    shared->put(key, Row(), 1s);
    clock.advance(400ms);
    auto cache = layered();
    EXPECT_EQ(text(cache.get(key)), "absence");
    EXPECT_EQ(left(*near), 600ms);
}

TEST_F(LayeredCacheTest, AnEntryForEverIsCopiedForEver) {
    shared->put(key, row("one"), Duration::max());
    auto cache = layered();
    cache.get(key);
    EXPECT_EQ(near->peek(key, clock.now()).value().expires, never);
}

TEST_F(LayeredCacheTest, ACopyIsAsOldAsItsOriginalUnlessItsTtlBeginsAnew) {
    clock.advance(3s);
    shared->put(key, row("one"), 10s);
    clock.advance(6s);
    LayeredCache other(*other_near, *shared, clock, restarting(10s));
    other.get(key);
    layered().get(key);
    EXPECT_EQ(near->peek(key, clock.now()).value().born, 3s);
    EXPECT_EQ(near->peek(key, clock.now()).value().expires, 13s);
    EXPECT_EQ(other_near->peek(key, clock.now()).value().born, 9s);
    EXPECT_EQ(other_near->peek(key, clock.now()).value().expires, 19s);
}

TEST_F(LayeredCacheTest, NoNearCopyLivesLongerThanItMay) {
    auto cache = layered({.near_ttl_max = 2s});
    cache.put(key, row("one"), 10s);
    EXPECT_EQ(left(*near), 2s);
    EXPECT_EQ(left(*shared), 10s);
    clock.advance(2s);
    EXPECT_EQ(text(cache.get(key)), "one");  // A copy anew.
    EXPECT_EQ(left(*near), 2s);
    clock.advance(7s);
    cache.get(key);
    EXPECT_EQ(left(*near), 1s);
}

TEST_F(LayeredCacheTest, AnExpiredNearEntryGivesWayToAFreshSharedOne) {
    auto cache = layered();
    near->put(key, row("old"), {.ttl = 1s, .grace = 10s});
    clock.advance(2s);
    EXPECT_TRUE(cache.get(key)->is_stale);
    shared->put(key, row("new"), {.ttl = 1s, .grace = 10s});
    const auto got = cache.get(key);
    EXPECT_EQ(text(got), "new");
    EXPECT_FALSE(got->is_stale);
    EXPECT_EQ(text(near->get(key)), "new");
}

TEST_F(LayeredCacheTest, AnExpiredEntryIsNotMadeFreshByBeingCopied) {
    shared->put(key, row("old"), {.ttl = 1s, .grace = 10s});
    clock.advance(3s);
    for (const bool restarts : {false, true}) {
        near->clear();
        auto cache = layered(restarts ? restarting(10s) : LayerRules());
        EXPECT_TRUE(cache.get(key)->is_stale) << restarts;
        EXPECT_TRUE(cache.get(key)->is_stale) << restarts;
        EXPECT_EQ(left(*near), -2s);
        EXPECT_EQ(near->peek(key, clock.now()).value().kept_until(), clock.now() + 8s);
    }
}

TEST_F(LayeredCacheTest, AReplacementNamesTheNearCopyAndReachesBoth) {
    auto cache = layered();
    shared->put(key, row("old"), 10s);
    const auto stamp = cache.get(key)->stamp;
    EXPECT_NE(cache.put(key, row("new"), 10s, Condition::unchanged(stamp)), no_stamp);
    EXPECT_EQ(text(shared->get(key)), "new");
    EXPECT_EQ(cache.put(key, row("newer"), 10s, Condition::unchanged(stamp)), no_stamp);
    EXPECT_EQ(text(near->get(key)), "new");
    EXPECT_EQ(text(shared->get(key)), "new");
}

TEST_F(LayeredCacheTest, ASharedCacheThatIsDownLeavesTheNearOneAtWork) {
    DownCache down;
    LayeredCache cache(*near, down, clock, {});
    EXPECT_EQ(text(cache.get(key)), "miss");  // And not "down": what is loaded is kept near.
    EXPECT_FALSE(cache.put(key, row("one"), {.ttl = 1s, .grace = 10s}));
    EXPECT_EQ(text(cache.get(key)), "one");
    clock.advance(2s);
    EXPECT_TRUE(cache.get(key)->is_stale);
    EXPECT_FALSE(cache.erase(key));
    EXPECT_EQ(text(cache.get(key)), "miss");
}

}  // namespace
}  // namespace stalemark
