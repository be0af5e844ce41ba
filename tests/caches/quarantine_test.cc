// SPDX-License-Identifier: Apache-2.0
// Quarantines, which every cache of the catalogue must know.

#include <gtest/gtest.h>

#include "caches/each_cache.h"
#include "caches/layered_cache.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

class QuarantineContract : public EachCache {
protected:
    static Stamp begin(Cache& cache, Duration ttl, bool hides_entry = false) {
        const auto begun =
            cache.get(Key{1}, {.is_first = false, .quarantine = {ttl, hides_entry}});
        EXPECT_FALSE(begun);
        EXPECT_NE(begun.error().lease, no_stamp);
        return begun.error().lease;
    }
    Stamp begin(Duration ttl, bool hides_entry = false) {
        return begin(*cache_, ttl, hides_entry);
    }
    bool end(Stamp stamp) { return *cache_->erase(Key{1}, Condition::quarantined(stamp), {}); }
    Stamp lease(Key key = Key{1}) { return cache_->get(key, {.lease = 5s}).error().lease; }
};

TEST_P(QuarantineContract, NoLeaseIsHandedOutBeforeTheLastOfThemEnds) {
    const Stamp first = begin(10s);
    const Stamp second = begin(10s);
    EXPECT_NE(first, second);
    EXPECT_EQ(lease(), no_stamp);
    EXPECT_NE(lease(Key{2}), no_stamp) << "of another key";
    EXPECT_TRUE(end(first));
    EXPECT_EQ(lease(), no_stamp);
    EXPECT_TRUE(end(second));
    EXPECT_NE(lease(), no_stamp);
}

TEST_P(QuarantineContract, ItsBeginningVoidsTheLease) {
    const Stamp held = lease();
    const Stamp stamp = begin(10s);
    EXPECT_EQ(cache_->put(Key{1}, row_of("old"), 10s, Condition::leased(held)), no_stamp);
    EXPECT_TRUE(end(stamp));
    EXPECT_EQ(cache_->put(Key{1}, row_of("old"), 10s, Condition::leased(held)), no_stamp);
}

TEST_P(QuarantineContract, TheEntryIsSeenMeanwhileOrNot) {
    for (const bool hides : {false, true}) {
        ASSERT_TRUE(cache_->put(Key{1}, row_of("old"), 60s));
        const Stamp stamp = begin(10s, hides);
        EXPECT_EQ(cache_->get(Key{1}).has_value(), !hides);
        EXPECT_EQ(cache_->peek(Key{1}, clock_.now()).has_value(), !hides);
        int seen = 0;
        cache_->visit(clock_.now(), [&](Key, const Cached&) { ++seen; });
        EXPECT_EQ(seen, hides ? 0 : 1);
        EXPECT_TRUE(end(stamp));
        EXPECT_FALSE(cache_->get(Key{1}));
    }
}

TEST_P(QuarantineContract, EachEndErasesTheEntryAndComesOnce) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("old"), 60s));
    const Stamp first = begin(10s);
    const Stamp second = begin(10s);
    EXPECT_TRUE(end(first));
    EXPECT_FALSE(cache_->get(Key{1}));
    EXPECT_FALSE(end(first));
    ASSERT_TRUE(cache_->put(Key{1}, row_of("again"), 60s));
    EXPECT_TRUE(end(second));
    EXPECT_FALSE(cache_->get(Key{1}));
    EXPECT_FALSE(end(12'345));
}

TEST_P(QuarantineContract, ItsTimeTakesTheEntryAlongAndWhatIsPutLaterStays) {
    ASSERT_TRUE(cache_->put(Key{1}, row_of("old"), 60s));
    const Stamp stamp = begin(10s);
    EXPECT_TRUE(cache_->get(Key{1}));
    EXPECT_FALSE(cache_->peek(Key{1}, clock_.now() + 10s));
    clock_.advance(10s);
    int seen = 0;
    cache_->visit(clock_.now(), [&](Key, const Cached&) { ++seen; });
    EXPECT_EQ(seen, 0);
    ASSERT_TRUE(cache_->put(Key{1}, row_of("new"), 60s));
    EXPECT_EQ(cache_->get(Key{1})->row, row_of("new"));
    EXPECT_FALSE(end(stamp));
    EXPECT_TRUE(cache_->get(Key{1}));
}

TEST_P(QuarantineContract, OneThatIsLeftIsNotInTheWayOfTheNextLease) {
    begin(10s);
    clock_.advance(10s);
    EXPECT_NE(lease(), no_stamp);
}

TEST_P(QuarantineContract, ARestartForgetsIt) {
    const Stamp stamp = begin(10s);
    cache_->clear();
    EXPECT_NE(lease(), no_stamp);
    EXPECT_FALSE(end(stamp));
}

TEST_P(QuarantineContract, OfALayerIsThatOfTheSharedCache) {
    const auto shared = make(1 << 20);
    LayeredCache layers(*cache_, *shared, clock_, {});
    for (const bool hides : {false, true}) {
        ASSERT_TRUE(layers.put(Key{1}, row_of("old"), Life{.ttl = 60s}));
        const Stamp stamp = begin(layers, 10s, hides);
        EXPECT_EQ(layers.get(Key{1}).has_value(), !hides);
        EXPECT_EQ(shared->get(Key{1}, {.lease = 5s}).has_value(), !hides);
        EXPECT_TRUE(*layers.erase(Key{1}, Condition::quarantined(stamp), {}));
        EXPECT_FALSE(layers.get(Key{1}));
        EXPECT_FALSE(shared->get(Key{1}));
    }
}

INSTANTIATE_TEST_SUITE_P(Catalog, QuarantineContract, testing::ValuesIn(all_caches()),
                         [](const auto& entry) { return std::string(entry.param.name); });

}  // namespace
}  // namespace stalemark
