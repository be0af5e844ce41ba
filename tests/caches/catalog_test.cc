// SPDX-License-Identifier: Apache-2.0
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

}  // namespace
}  // namespace stalemark
