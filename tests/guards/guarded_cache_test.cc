// SPDX-License-Identifier: Apache-2.0
// What a node with a guard puts into a shared cache and takes from it, behind a near cache.

#include "guards/guarded_cache.h"

#include <gtest/gtest.h>

#include "caches/catalog.h"
#include "caches/layered_cache.h"
#include "caches/manual_clock.h"
#include "guards/informed_cache.h"
#include "guards/newer.h"

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
class GuardedCacheTest : public testing::Test {
protected:
    GuardedCacheTest() { informed.hear(key, 6); }

    std::unique_ptr<LocalCache> make_lru() { return find_cache("lru").make({}, clock); }

    ManualClock clock;
    std::unique_ptr<LocalCache> near = make_lru();
    std::unique_ptr<LocalCache> shared = make_lru();
    Newer newer{clock};
    InformedCache informed{*near, clock, newer};
    GuardedCache guarded{*shared, newer};
    LayeredCache layers{informed, guarded, clock, {}};
};

TEST_F(GuardedCacheTest, WithoutItAnOldEntryAnswersAndIsNotCopied) {
    LayeredCache unguarded(informed, *shared, clock, {});
    shared->put(key, row("old", 5), 10s);
    EXPECT_EQ(text(unguarded.get(key)), "old");
    EXPECT_EQ(text(near->get(key)), "miss");
    EXPECT_EQ(unguarded.get(key)->stamp, unnamed);
}

TEST_F(GuardedCacheTest, WhatIsOldIsNotPut) {
    EXPECT_TRUE(layers.put(key, row("old", 5), 10s));
    EXPECT_EQ(text(shared->get(key)), "miss");
    EXPECT_EQ(informed.fills_refused(), 1U);
    EXPECT_TRUE(layers.put(key, row("new", 6), 10s));
    EXPECT_EQ(text(shared->get(key)), "new");
}

TEST_F(GuardedCacheTest, WhatIsOldDoesNotAnswer) {
    shared->put(key, row("old", 5), 10s);
    EXPECT_EQ(text(layers.get(key)), "miss");  // So that the node loads,
    EXPECT_EQ(text(near->get(key)), "miss");
    layers.put(key, row("new", 6), 10s);  // and its fill replaces the entry.
    EXPECT_EQ(text(shared->get(key)), "new");
}

TEST_F(GuardedCacheTest, AnotherKeyIsNotGuarded) {
    shared->put(Key{8}, row("old", 5), 10s);
    EXPECT_EQ(text(layers.get(Key{8})), "old");
}

TEST_F(GuardedCacheTest, AnExpiredNearCopyAnswersBeforeAnOldSharedEntry) {
    near->put(key, row("sixth", 6), {.ttl = 1s, .grace = 10s});
    shared->put(key, row("old", 5), 10s);
    clock.advance(2s);
    EXPECT_EQ(text(layers.get(key)), "sixth");
    EXPECT_TRUE(layers.get(key)->is_stale);
}

TEST_F(GuardedCacheTest, WhatIsOldIsInTheWayOfNoLease) {
    shared->put(key, row("old", 5), 10s);
    const Stamp lease = layers.get(key, {.lease = 5s}).error().lease;
    EXPECT_NE(lease, no_stamp);
    EXPECT_NE(layers.put(key, row("new", 6), {.ttl = 10s}, Condition::leased(lease)), no_stamp);
    EXPECT_EQ(text(shared->get(key)), "new");
}

}  // namespace
}  // namespace stalemark
