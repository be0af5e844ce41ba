// SPDX-License-Identifier: Apache-2.0
// What a cache remembers of entries that are gone.

#include <gtest/gtest.h>

#include "caches/each_cache.h"
#include "caches/lru_cache.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

class RememberedVersionsTest : public testing::Test {
protected:
    static constexpr Key key{1};

    std::unique_ptr<LocalCache> make(std::uint64_t keys, std::uint64_t bytes = 0) {
        return make_lru_cache({.capacity_bytes = bytes,
                               .value_bytes = 100,
                               .remembered_keys = keys,
                               .remembered_for = 60s,
                               .shards = 1},
                              clock);
    }
    bool puts(Version version) {
        return cache->put(key, row_of("a row", version), 5s, Condition::newer(version)) !=
               no_stamp;
    }

    ManualClock clock;
    std::unique_ptr<LocalCache> cache = make(10);
};

TEST_F(RememberedVersionsTest, AnOlderRowIsRefusedAfterAnErase) {
    ASSERT_TRUE(puts(5));
    cache->erase(key, Condition::always(), {.version = 6});
    EXPECT_FALSE(puts(5));
    EXPECT_FALSE(cache->get(key));
    EXPECT_EQ(cache->use().bytes, 0U) << "it takes no room of the cache";
    EXPECT_TRUE(puts(6));
}

TEST_F(RememberedVersionsTest, AndAfterAnEraseThatLeavesNoVersion) {
    ASSERT_TRUE(puts(5));
    cache->erase(key);
    EXPECT_FALSE(puts(4));
    EXPECT_TRUE(puts(5));
}

TEST_F(RememberedVersionsTest, AndAfterAnEviction) {
    cache = make(100, 2'000);
    ASSERT_TRUE(puts(5));
    for (std::uint64_t other = 10; other < 50; ++other)
        ASSERT_TRUE(cache->put(Key{other}, row_of("filler"), 5s));
    ASSERT_FALSE(cache->get(key));
    EXPECT_FALSE(puts(4));
    EXPECT_TRUE(puts(5));
}

TEST_F(RememberedVersionsTest, AndAfterItsTime) {
    ASSERT_TRUE(puts(5));
    clock.advance(5s);
    EXPECT_FALSE(puts(4));
    EXPECT_TRUE(puts(5));
}

TEST_F(RememberedVersionsTest, AnAbsenceOfNoVersionIsOlder) {
    ASSERT_TRUE(puts(5));
    cache->erase(key);
    EXPECT_EQ(cache->put(key, Row(), 5s, Condition::absent()), no_stamp);
    EXPECT_NE(cache->put(Key{2}, Row(), 5s, Condition::absent()), no_stamp);
}

TEST_F(RememberedVersionsTest, TheTimeIsCountedFromTheMomentItWasNoted) {
    ASSERT_TRUE(puts(5));
    clock.advance(1s);
    cache->erase(key);
    clock.advance(60s - Duration{1});
    EXPECT_FALSE(puts(4));
    clock.advance(Duration{1});
    EXPECT_TRUE(puts(4));
}

TEST_F(RememberedVersionsTest, TheSameVersionIsNotedAnew) {
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(puts(5));
        cache->erase(key);
        clock.advance(40s);
    }
    EXPECT_FALSE(puts(4));
    clock.advance(20s);
    EXPECT_TRUE(puts(4));
}

TEST_F(RememberedVersionsTest, OfMoreKeysWhatWasNotedFirstIsForgotten) {
    ASSERT_TRUE(puts(5));
    cache->erase(key);
    for (std::uint64_t other = 10; other < 19; ++other)
        cache->erase(Key{other}, Condition::always(), {.version = 9});
    EXPECT_FALSE(puts(4));
    cache->erase(Key{19}, Condition::always(), {.version = 9});
    EXPECT_TRUE(puts(4));
}

TEST_F(RememberedVersionsTest, WithoutKeysNothingIsRemembered) {
    cache = make(0);
    ASSERT_TRUE(puts(5));
    cache->erase(key);
    EXPECT_TRUE(puts(4));
}

TEST_F(RememberedVersionsTest, ARestartForgetsAll) {
    ASSERT_TRUE(puts(5));
    cache->erase(key);
    cache->clear();
    EXPECT_TRUE(puts(4));
}

}  // namespace
}  // namespace stalemark
