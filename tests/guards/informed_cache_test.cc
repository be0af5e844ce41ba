// SPDX-License-Identifier: Apache-2.0
// What a near cache makes of the changes that it is told of.

#include "guards/informed_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "caches/catalog.h"
#include "caches/manual_clock.h"
#include "guards/catalog.h"
#include "guards/heard_versions.h"
#include "guards/no_event_check.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;
using Heard = InformedCache::Heard;

constexpr Key key{7};

Row row(Version version) { return {.bytes = Bytes("row"), .version = version}; }

// A cache in which something happens between a look at an entry and what is made of it.
class Interrupted final : public LocalCache {
public:
    explicit Interrupted(LocalCache& cache) : cache_(cache) {}

    std::optional<Cached> peek(Key of, Instant at) const override {
        auto seen = cache_.peek(of, at);
        if (meanwhile) meanwhile();
        return seen;
    }
    std::expected<Cached, Missed> get(Key of, const Look& look) override {
        return cache_.get(of, look);
    }
    Result<Stamp> put(Key of, const Row& row, const Life& life,
                      const Condition& condition) override {
        return cache_.put(of, row, life, condition);
    }
    Result<bool> erase(Key of, const Condition& condition, const Remains& remains) override {
        return cache_.erase(of, condition, remains);
    }
    std::uint64_t clear() override { return cache_.clear(); }
    void evict(Key of) override { cache_.evict(of); }
    void visit(Instant at, const std::function<void(Key, const Cached&)>& see) override {
        cache_.visit(at, see);
    }
    CacheCounts counts() const override { return cache_.counts(); }
    CacheUse use() const override { return cache_.use(); }

    std::function<void()> meanwhile;

private:
    LocalCache& cache_;
};

class InformedCacheTest : public testing::Test {
protected:
    // The version of the entry, or nothing.
    static std::optional<Version> held(InformedCache& cache) {
        const auto cached = cache.get(key);
        return cached && cached->row.bytes ? std::optional(cached->row.version) : std::nullopt;
    }

    ManualClock clock;
    std::unique_ptr<LocalCache> lru = find_cache("lru").make({}, clock);
    NoEventCheck none{clock};
    HeardVersions newer{clock};
    GuardSettings guarding;
    std::unique_ptr<Guard> unguarded = no_guard().make({*lru, clock, guarding});
    InformedCache plain{*lru, clock, none, *unguarded};
    InformedCache versioned{*lru, clock, newer, *unguarded};
};

TEST_F(InformedCacheTest, WithoutVersionsAnEventDropsWhateverIsThere) {
    for (const Version version : {0U, 3U, 5U, 9U}) {
        plain.put(key, row(5), 1s);
        EXPECT_EQ(plain.hear(key, version), Heard::dropped) << version;
        EXPECT_EQ(held(plain), std::nullopt) << version;
    }
    EXPECT_EQ(plain.hear(key, 5), Heard::nothing);
}

TEST_F(InformedCacheTest, WithoutVersionsNothingIsRemembered) {
    plain.hear(key, 9);
    plain.put(key, row(5), 1s);
    EXPECT_EQ(held(plain), 5U);
    EXPECT_EQ(plain.fills_refused(), 0U);
}

TEST_F(InformedCacheTest, AnEventErasesAsTheGuardDoesEvenWhereNothingIs) {
    const auto guard = find_guard("tombstone").make({*lru, clock, guarding});
    InformedCache guarded(*lru, clock, none, *guard);
    EXPECT_EQ(guarded.hear(key, 6), Heard::nothing);
    EXPECT_EQ(guarded.put(key, row(5), 1s, Condition::newer(5)), no_stamp);
    EXPECT_NE(guarded.put(key, row(6), 1s, Condition::newer(6)), no_stamp);
    EXPECT_EQ(guarded.hear(key, 0), Heard::dropped);  // Of a version that is not known:
    EXPECT_NE(guarded.put(key, row(5), 1s, Condition::newer(5)), no_stamp);  // it leaves none.
}

TEST_F(InformedCacheTest, ByVersionAnEventDropsWhatIsOlderAlone) {
    versioned.put(key, row(5), 1s);
    EXPECT_EQ(versioned.hear(key, 4), Heard::newer);
    EXPECT_EQ(versioned.hear(key, 5), Heard::newer);
    EXPECT_EQ(held(versioned), 5U);
    EXPECT_EQ(versioned.hear(key, 6), Heard::dropped);
    EXPECT_EQ(held(versioned), std::nullopt);
}

TEST_F(InformedCacheTest, ByVersionAnOlderFillIsRefusedAfterTheEvent) {
    EXPECT_EQ(versioned.hear(key, 6), Heard::nothing);
    EXPECT_TRUE(versioned.put(key, row(5), 1s));
    EXPECT_EQ(held(versioned), std::nullopt);
    EXPECT_EQ(versioned.fills_refused(), 1U);
    versioned.put(key, row(6), 1s);
    EXPECT_EQ(held(versioned), 6U);
    versioned.put(Key{8}, row(1), 1s);
    EXPECT_TRUE(versioned.get(Key{8}));
    EXPECT_EQ(versioned.fills_refused(), 1U);
}

TEST_F(InformedCacheTest, ByVersionAnOlderReplacementIsRefusedToo) {
    versioned.hear(key, 6);
    EXPECT_EQ(versioned.put(key, row(5), 1s, Condition::absent()), no_stamp);
    EXPECT_NE(versioned.put(key, row(7), 1s, Condition::absent()), no_stamp);
    EXPECT_EQ(held(versioned), 7U);
    EXPECT_EQ(versioned.fills_refused(), 1U);
}

TEST_F(InformedCacheTest, ItSaysWhatItWouldRefuseAndCountsNothing) {
    versioned.hear(key, 6);
    plain.hear(key, 6);
    EXPECT_TRUE(newer.is_outdated(key, row(5)));
    EXPECT_FALSE(newer.is_outdated(key, row(6)));
    EXPECT_FALSE(newer.is_outdated(key, row(0)));
    EXPECT_FALSE(newer.is_outdated(key, {.version = 5}));
    EXPECT_FALSE(newer.is_outdated(Key{8}, row(5)));
    EXPECT_FALSE(none.is_outdated(key, row(5)));
    EXPECT_EQ(versioned.fills_refused(), 0U);
}

TEST_F(InformedCacheTest, AnOldEventThatComesLateLowersNothing) {
    versioned.hear(key, 6);
    versioned.hear(key, 4);
    versioned.put(key, row(5), 1s);
    EXPECT_EQ(held(versioned), std::nullopt);
}

TEST_F(InformedCacheTest, AnEventWithoutVersionDropsEveryVersionAndIsNotRemembered) {
    versioned.put(key, row(5), 1s);
    EXPECT_EQ(versioned.hear(key, 0), Heard::dropped);
    versioned.put(key, row(4), 1s);
    EXPECT_EQ(held(versioned), 4U);
}

TEST_F(InformedCacheTest, AnEntryWithoutVersionIsOlderThanEveryEventButNeverRefused) {
    versioned.put(key, row(0), 1s);
    EXPECT_EQ(versioned.hear(key, 1), Heard::dropped);
    versioned.put(key, row(0), 1s);
    EXPECT_EQ(held(versioned), 0U);
}

TEST_F(InformedCacheTest, ANegativeEntryIsDroppedByEveryEventAndRefusedByNone) {
    versioned.put(key, {.version = 2}, 1s);
    EXPECT_EQ(versioned.hear(key, 3), Heard::dropped);
    EXPECT_FALSE(versioned.get(key));
    versioned.put(key, {.version = 2}, 1s);
    EXPECT_TRUE(versioned.get(key));
}

TEST_F(InformedCacheTest, ADeleteKeepsOutTheRowThatItDeleted) {
    versioned.put(key, row(5), 1s);
    EXPECT_EQ(versioned.hear(key, 6), Heard::dropped);  // The delete's own version.
    versioned.put(key, row(5), 1s);
    EXPECT_EQ(held(versioned), std::nullopt);
    versioned.put(key, row(7), 1s);  // Made anew.
    EXPECT_EQ(held(versioned), 7U);
}

TEST_F(InformedCacheTest, AVersionIsRememberedForItsTimeAndThenForgotten) {
    versioned.hear(key, 6);
    clock.advance(HeardVersions::memory);
    versioned.hear(Key{1}, 1);  // Forgetting is done when an event comes.
    versioned.put(key, row(5), 1h);
    EXPECT_EQ(held(versioned), std::nullopt);
    clock.advance(1ns);
    versioned.hear(Key{1}, 2);
    versioned.put(key, row(5), 1h);
    EXPECT_EQ(held(versioned), 5U);
}

TEST_F(InformedCacheTest, ANewerEventIsRememberedFromItsOwnTime) {
    versioned.hear(key, 6);
    clock.advance(HeardVersions::memory - 1s);
    versioned.hear(key, 7);
    clock.advance(2s);
    versioned.hear(Key{1}, 1);
    versioned.put(key, row(6), 1h);
    EXPECT_EQ(held(versioned), std::nullopt);
}

TEST_F(InformedCacheTest, AnExpiredEntryIsNothingToDrop) {
    plain.put(key, row(5), 1s);
    clock.advance(1s);
    EXPECT_EQ(plain.hear(key, 6), Heard::nothing);
}

TEST_F(InformedCacheTest, AFillThatComesWhileAnEventIsHeardIsRefused) {
    Interrupted interrupted(*lru);
    InformedCache cache(interrupted, clock, newer, *unguarded);
    interrupted.meanwhile = [&] { cache.put(key, row(5), 1s); };
    cache.hear(key, 6);
    EXPECT_EQ(held(cache), std::nullopt);
    EXPECT_EQ(cache.fills_refused(), 1U);
}

TEST_F(InformedCacheTest, OverThreadsNoFillBringsBackWhatIsOlderThanAnEventHeard) {
    constexpr Version last = 20'000;
    std::atomic<Version> newest = 0;
    std::atomic<int> older = 0;
    const auto reader = [&] {
        for (;;) {
            const Version version = newest;
            versioned.put(key, row(std::max<Version>(version, 1)), 1h);
            const Version heard = newest;
            const auto cached = versioned.get(key);
            // An event is heard before `newest` says so.
            if (cached && cached->row.version < heard) ++older;
            if (version == last) return;
        }
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) readers.emplace_back(reader);
    for (Version version = 1; version <= last; ++version) {
        versioned.hear(key, version);
        newest = version;
    }
    for (auto& thread : readers) thread.join();
    EXPECT_EQ(older, 0);
    EXPECT_EQ(held(versioned), last);
}

}  // namespace
}  // namespace stalemark
