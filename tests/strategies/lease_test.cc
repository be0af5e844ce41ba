// The shield `lock` between nodes: a lease in the cache that they share says who may load.

#include <gtest/gtest.h>

#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class Lease : public testing::Test {
protected:
    Stage stage;
};

TEST_F(Lease, ReadersBehindARemoteLeaseWaitForTheOtherNodesFill) {
    StageCache leases{*stage.runtime};
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    const auto make_node = [&] {
        return find_strategy("cache_aside")
            .make({stage.cache, stage.store, *stage.runtime, stage.settings,
                   find_shield("lock"), &leases});
    };
    const auto first = make_node();
    const auto second = make_node();
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.read_takes = milliseconds(10);
    std::vector<Outcome> outcomes;
    stage.at(0, [&] { outcomes.push_back(first->read(key)->outcome); });
    stage.at(1, [&] { outcomes.push_back(second->read(key)->outcome); });
    stage.runtime->run();
    EXPECT_EQ(stage.store.reads, 1);
    EXPECT_EQ(outcomes, (std::vector{Outcome::miss, Outcome::wait}));
    EXPECT_TRUE(leases.entries.empty());
}

TEST_F(Lease, ALeaseWhoseHolderDiedEndsWithTheLockTimeout) {
    StageCache leases{*stage.runtime};
    stage.settings.shield.lock_timeout = milliseconds(40);
    const auto node = find_strategy("cache_aside")
                          .make({stage.cache, stage.store, *stage.runtime, stage.settings,
                                 find_shield("lock"), &leases});
    stage.store.rows[key] = {Bytes("old"), 1};
    leases.put(key, std::nullopt, milliseconds(20));  // Of a node that is no more.
    stage.at(0, [&] { EXPECT_EQ(node->read(key)->outcome, Outcome::miss); });
    stage.runtime->run();
    EXPECT_GE(stage.runtime->now(), milliseconds(20));
    EXPECT_LT(stage.runtime->now(), milliseconds(40));
    EXPECT_EQ(node->shield_counts().back().number, 1U);  // lease_waits
}

TEST_F(Lease, ALeaseThatCannotBeGivenBackIsGivenBackLater) {
    StageCache leases{*stage.runtime};
    stage.settings.shield.lock_timeout = milliseconds(5'000);
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    const auto node = find_strategy("cache_aside")
                          .make({stage.cache, stage.store, *stage.runtime, stage.settings,
                                 find_shield("lock"), &leases});
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.at(0, [&] {
        leases.fails_erases = true;
        EXPECT_EQ(node->read(key)->outcome, Outcome::miss);
        EXPECT_EQ(leases.entries.size(), 1U);
    });
    stage.at(120, [&] { leases.fails_erases = false; });
    stage.at(1'000, [&] {
        EXPECT_TRUE(leases.entries.empty());
        EXPECT_EQ(node->read(key)->outcome, Outcome::miss);
        EXPECT_EQ(stage.runtime->now(), milliseconds(1'000));  // Nobody had to wait.
    });
    stage.runtime->run();
}

}  // namespace
}  // namespace stalemark
