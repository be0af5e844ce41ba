// SPDX-License-Identifier: Apache-2.0
// What a node that checks events puts into a shared cache and takes from it, behind a near
// cache.

#include "guards/checked_cache.h"

#include <gtest/gtest.h>

#include "caches/catalog.h"
#include "caches/layered_cache.h"
#include "caches/manual_clock.h"
#include "guards/heard_versions.h"
#include "guards/informed_cache.h"
#include "guards/none.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Key key{7};

Row row(std::string_view text, Version version) {
    return {.bytes = Bytes(text), .version = version};
}

std::string text(const std::expected<Cached, Missed>& got) {
    return got ? std::string(got->row.bytes->view()) : "miss";
}

// A node that has heard of the sixth version of the row, and of nothing else.
class CheckedCacheTest : public testing::Test {
protected:
    CheckedCacheTest() { informed.hear(key, 6); }

    std::unique_ptr<LocalCache> make_lru() { return find_cache("lru").make({}, clock); }

    ManualClock clock;
    std::unique_ptr<LocalCache> near = make_lru();
    std::unique_ptr<LocalCache> shared = make_lru();
    HeardVersions newer{clock};
    GuardSettings guarding;
    NoGuard unguarded{{*near, clock, guarding}};
    InformedCache informed{*near, clock, newer, unguarded};
    CheckedCache checked{*shared, newer};
    LayeredCache layers{informed, checked, clock, {}};
};

TEST_F(CheckedCacheTest, WithoutItAnOldEntryAnswersAndIsNotCopied) {
    LayeredCache unchecked(informed, *shared, clock, {});
    shared->put(key, row("old", 5), 10s);
    EXPECT_EQ(text(unchecked.get(key)), "old");
    EXPECT_EQ(text(near->get(key)), "miss");
    EXPECT_EQ(unchecked.get(key)->stamp, unnamed);
}

TEST_F(CheckedCacheTest, WhatIsOldIsNotPut) {
    EXPECT_TRUE(layers.put(key, row("old", 5), 10s));
    EXPECT_EQ(text(shared->get(key)), "miss");
    EXPECT_EQ(informed.fills_refused(), 1U);
    EXPECT_TRUE(layers.put(key, row("new", 6), 10s));
    EXPECT_EQ(text(shared->get(key)), "new");
}

TEST_F(CheckedCacheTest, WhatIsOldDoesNotAnswer) {
    shared->put(key, row("old", 5), 10s);
    EXPECT_EQ(text(layers.get(key)), "miss");  // So that the node loads,
    EXPECT_EQ(text(near->get(key)), "miss");
    layers.put(key, row("new", 6), 10s);  // and its fill replaces the entry.
    EXPECT_EQ(text(shared->get(key)), "new");
}

TEST_F(CheckedCacheTest, AnotherKeyIsNotChecked) {
    shared->put(Key{8}, row("old", 5), 10s);
    EXPECT_EQ(text(layers.get(Key{8})), "old");
}

TEST_F(CheckedCacheTest, AnExpiredNearCopyAnswersBeforeAnOldSharedEntry) {
    near->put(key, row("sixth", 6), {.ttl = 1s, .grace = 10s});
    shared->put(key, row("old", 5), 10s);
    clock.advance(2s);
    EXPECT_EQ(text(layers.get(key)), "sixth");
    EXPECT_TRUE(layers.get(key)->is_stale);
}

TEST_F(CheckedCacheTest, WhatIsOldIsInTheWayOfNoLease) {
    shared->put(key, row("old", 5), 10s);
    const Stamp lease = layers.get(key, {.lease = 5s}).error().lease;
    EXPECT_NE(lease, no_stamp);
    EXPECT_NE(layers.put(key, row("new", 6), {.ttl = 10s}, Condition::leased(lease)), no_stamp);
    EXPECT_EQ(text(shared->get(key)), "new");
}

}  // namespace
}  // namespace stalemark
