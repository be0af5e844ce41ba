// The catalogue of caches, and what they count.

#include "caches/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace stalemark {
namespace {

TEST(CacheCatalog, FindsARowByItsName) {
    for (const auto& entry : all_caches()) EXPECT_EQ(find_cache(entry.name).name, entry.name);
}

TEST(CacheCatalog, NamesTheNearestCacheForAWrongName) {
    EXPECT_THAT([] { find_cache("lur"); },
                testing::ThrowsMessage<InputError>("unknown cache 'lur'; did you mean 'lru'?"));
}

TEST(CacheCounts, AddAndSubtractEveryCount) {
    const CacheCounts one{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    CacheCounts sum = one;
    sum += {10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
    const CacheCounts difference = sum - one;
    EXPECT_EQ(sum.gets, 11U);
    EXPECT_EQ(sum.expirations, 88U);
    EXPECT_EQ(sum.failed, 99U);
    EXPECT_EQ(sum.flushed, 110U);
    EXPECT_EQ(difference.gets, 10U);
    EXPECT_EQ(difference.hits, 20U);
    EXPECT_EQ(difference.stale_hits, 30U);
    EXPECT_EQ(difference.fills, 40U);
    EXPECT_EQ(difference.fills_refused, 50U);
    EXPECT_EQ(difference.erases, 60U);
    EXPECT_EQ(difference.evictions, 70U);
    EXPECT_EQ(difference.expirations, 80U);
    EXPECT_EQ(difference.failed, 90U);
    EXPECT_EQ(difference.flushed, 100U);
}

}  // namespace
}  // namespace stalemark
