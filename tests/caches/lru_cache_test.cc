// SPDX-License-Identifier: Apache-2.0
#include "caches/lru_cache.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "caches/charge.h"
#include "caches/manual_clock.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Duration for_ever = Duration::max();
constexpr std::uint64_t value_bytes = 100;

Row some_value() { return {.bytes = Bytes(std::string(value_bytes, 'x'))}; }

class LruCacheTest : public testing::Test {
protected:
    // Room for `entries` entries of some_value(), in one shard.
    std::unique_ptr<LocalCache> make(std::uint64_t entries, std::uint64_t shards = 1) {
        return make_lru_cache({.capacity_bytes = entries * charge_bytes(value_bytes),
                               .value_bytes = value_bytes,
                               .shards = shards},
                              clock_);
    }

    static void put(Cache& cache, std::uint64_t key, Duration ttl = for_ever) {
        ASSERT_TRUE(cache.put(Key{key}, some_value(), ttl));
    }

    static std::set<std::uint64_t> keys(LocalCache& cache) {
        std::set<std::uint64_t> keys;
        cache.visit(Instant::min(),
                    [&](Key key, const Cached&) { keys.insert(index_of(key)); });
        return keys;
    }

    using Keys = std::set<std::uint64_t>;
    ManualClock clock_;
};

TEST_F(LruCacheTest, EvictsTheEntryUnusedForLongest) {
    const auto cache = make(3);
    for (const std::uint64_t key : {1U, 2U, 3U}) put(*cache, key);
    ASSERT_TRUE(cache->get(Key{1}));
    put(*cache, 2);
    put(*cache, 4);
    EXPECT_EQ(keys(*cache), (Keys{1, 2, 4}));
    put(*cache, 5);
    EXPECT_EQ(keys(*cache), (Keys{2, 4, 5}));
    EXPECT_EQ(cache->counts().evictions, 2U);
}

TEST_F(LruCacheTest, ReplaceIsAUseToo) {
    const auto cache = make(2);
    put(*cache, 1);
    const auto stamp = cache->get(Key{1})->stamp;
    put(*cache, 2);
    ASSERT_NE(cache->put(Key{1}, some_value(), for_ever, Condition::unchanged(stamp)),
              no_stamp);
    put(*cache, 3);
    EXPECT_EQ(keys(*cache), (Keys{1, 3}));
}

TEST_F(LruCacheTest, VisitIsNoUse) {
    const auto cache = make(2);
    put(*cache, 1);
    put(*cache, 2);
    cache->visit(0s, [](Key, const Cached&) {});
    put(*cache, 3);
    EXPECT_EQ(keys(*cache), (Keys{2, 3}));
}

TEST_F(LruCacheTest, AnEntryPastItsTimeGoesInTheSameOrderButIsNoEviction) {
    const auto cache = make(2);
    put(*cache, 1);
    put(*cache, 2, 1s);
    clock_.advance(2s);
    put(*cache, 3);
    EXPECT_EQ(keys(*cache), (Keys{2, 3}));
    EXPECT_EQ(cache->counts().evictions, 1U);
    put(*cache, 4);
    EXPECT_EQ(cache->counts().evictions, 1U);
    EXPECT_EQ(cache->counts().expirations, 1U);
}

TEST_F(LruCacheTest, ALargeEntryEvictsAsManyAsItNeeds) {
    const auto cache = make(4);
    for (const std::uint64_t key : {1U, 2U, 3U, 4U}) put(*cache, key);
    const std::string text(value_bytes + 2 * charge_bytes(value_bytes), 'x');
    ASSERT_TRUE(cache->put(Key{5}, Row{.bytes = Bytes(text)}, for_ever));
    EXPECT_EQ(keys(*cache), (Keys{4, 5}));
    EXPECT_EQ(cache->use().bytes, cache->use().capacity_bytes);
}

TEST_F(LruCacheTest, AnEntryThatGrowsEvictsOthersAndNotItself) {
    const auto cache = make(2);
    put(*cache, 1);
    put(*cache, 2);
    const std::string text(value_bytes + 1, 'x');
    ASSERT_TRUE(cache->put(Key{1}, Row{.bytes = Bytes(text)}, for_ever));
    EXPECT_EQ(keys(*cache), (Keys{1}));
}

TEST_F(LruCacheTest, ChargesKeyValueAndBookkeeping) {
    const auto cache = make(2);
    put(*cache, 1);
    EXPECT_EQ(cache->use().bytes, key_bytes + value_bytes + bookkeeping_bytes);
    ASSERT_TRUE(cache->put(Key{1}, Row(), for_ever));
    EXPECT_EQ(cache->use().bytes, key_bytes + bookkeeping_bytes);
}

TEST_F(LruCacheTest, AHitSharesTheBytesInsteadOfCopyingThem) {
    const auto cache = make(2);
    const Row row = some_value();
    ASSERT_TRUE(cache->put(Key{1}, row, for_ever));
    EXPECT_EQ(cache->get(Key{1})->row.bytes->view().data(), row.bytes->view().data());
}

TEST_F(LruCacheTest, SmallCachesHaveFewerShards) {
    const auto shards = [](std::uint64_t capacity_bytes, std::uint64_t typical) {
        return lru_shards({.capacity_bytes = capacity_bytes, .value_bytes = typical});
    };
    EXPECT_EQ(shards(0, 1'000), 256U);
    EXPECT_EQ(shards(1, 1'000), 1U);
    EXPECT_EQ(shards(64 * charge_bytes(1'000), 1'000), 1U);
    EXPECT_EQ(shards(128 * charge_bytes(1'000), 1'000), 2U);
    EXPECT_EQ(shards(200 * charge_bytes(1'000), 1'000), 2U);
    EXPECT_EQ(shards(200 * charge_bytes(1'000), 10), 16U);
    EXPECT_EQ(shards(1 << 30, 1'000), 256U);
    EXPECT_EQ(lru_shards({.capacity_bytes = 1, .shards = 12}), 8U);
}

TEST_F(LruCacheTest, AShardHoldsItsEvenPartOfTheCapacityAndNoLargerEntry) {
    const auto one = make(8, 1);
    const auto four = make(8, 4);
    const std::string text(3 * charge_bytes(value_bytes), 'x');
    ASSERT_TRUE(one->put(Key{1}, Row{.bytes = Bytes(text)}, for_ever));
    ASSERT_TRUE(four->put(Key{1}, Row{.bytes = Bytes(text)}, for_ever));
    EXPECT_TRUE(one->get(Key{1}));
    EXPECT_FALSE(four->get(Key{1}));
    EXPECT_EQ(four->counts().fills, 0U);
    EXPECT_EQ(four->counts().fills_refused, 1U);

    for (std::uint64_t key = 0; key < 100; ++key) put(*four, key);
    EXPECT_EQ(four->use().entries, 8U);
}

TEST_F(LruCacheTest, KeysThatDifferOnlyInHighBitsAreDifferentKeys) {
    const auto cache = make(10'000, 16);
    for (std::uint64_t key = 0; key < 64; ++key) put(*cache, std::uint64_t{1} << key);
    EXPECT_EQ(cache->use().entries, 64U);
}

}  // namespace
}  // namespace stalemark
