// SPDX-License-Identifier: Apache-2.0
// The shield `lock` between nodes: a lease in the cache that they share says who may load.

#include <gtest/gtest.h>

#include <memory>
#include <string_view>

#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

std::uint64_t number_of(const Strategy& node, std::string_view name) {
    for (const ShieldCount& count : node.shield_counts()) {
        if (count.name == name) return count.number;
    }
    ADD_FAILURE() << name;
    return 0;
}

class Lease : public testing::Test {
protected:
    std::unique_ptr<Strategy> make_node(std::string_view shield) {
        return find_strategy("cache_aside")
            .make({stage.cache, stage.store, *stage.runtime, stage.settings,
                   find_shield(shield), &leases});
    }

    Stage stage;
    StageCache leases{*stage.runtime};
};

TEST_F(Lease, ReadersBehindARemoteLeaseWaitForTheOtherNodesFill) {
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    const auto first = make_node("lock");
    const auto second = make_node("lock");
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
    stage.settings.shield.lock_timeout = milliseconds(40);
    const auto node = make_node("lock");
    stage.store.rows[key] = {Bytes("old"), 1};
    leases.put(key, Row(), milliseconds(20));  // Of a node that is no more.
    stage.at(0, [&] { EXPECT_EQ(node->read(key)->outcome, Outcome::miss); });
    stage.runtime->run();
    EXPECT_GE(stage.runtime->now(), milliseconds(20));
    EXPECT_LT(stage.runtime->now(), milliseconds(40));
    EXPECT_EQ(number_of(*node, "lease_waits"), 1U);
    EXPECT_EQ(number_of(*node, "timed_out"), 0U);
}

TEST_F(Lease, WhoWaitsForALeaseLongerThanTheLockTimeoutHasTimedOutAndNotJoined) {
    stage.settings.shield.lock_timeout = milliseconds(20);
    const auto node = make_node("lock");
    stage.store.rows[key] = {Bytes("old"), 1};
    leases.put(key, Row(), milliseconds(1'000));
    stage.at(0, [&] {
        EXPECT_EQ(node->read(key)->outcome, Outcome::bypass);
        EXPECT_EQ(stage.runtime->now(), milliseconds(20));
    });
    stage.at(1, [&] { EXPECT_EQ(node->read(key)->outcome, Outcome::wait); });
    stage.runtime->run();
    EXPECT_EQ(number_of(*node, "lease_waits"), 1U);  // One load,
    EXPECT_EQ(number_of(*node, "joined"), 1U);       // for which another reader waits.
    EXPECT_EQ(number_of(*node, "timed_out"), 1U);
}

// read_through loads a key once at a time by itself: the lease is between nodes.
TEST_F(Lease, OfReadThroughKeepsAnotherNodeFromLoading) {
    for (const bool has_lease : {false, true}) {
        Stage play;
        StageCache theirs{*play.runtime};
        play.settings.ttl_of = [](Key) { return milliseconds(100); };
        const auto make_node = [&] {
            return find_strategy("read_through")
                .make({play.cache, play.store, *play.runtime, play.settings,
                       find_shield("lock"), has_lease ? &theirs : nullptr});
        };
        const auto first = make_node();
        const auto second = make_node();
        play.store.rows[key] = {Bytes("old"), 1};
        play.store.read_takes = milliseconds(10);
        play.at(0, [&] { first->read(key); });
        play.at(1, [&] { second->read(key); });
        play.at(1, [&] { first->read(key); });
        play.runtime->run();
        EXPECT_EQ(play.store.reads, has_lease ? 1 : 2);
        EXPECT_EQ(number_of(*second, "lease_waits"), has_lease ? 1U : 0U);
        EXPECT_EQ(number_of(*first, "joined"), 0U);
    }
}

TEST_F(Lease, ALeaseThatCannotBeGivenBackIsGivenBackLater) {
    stage.settings.shield.lock_timeout = milliseconds(5'000);
    stage.settings.ttl_of = [](Key) { return milliseconds(100); };
    const auto node = make_node("lock");
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

// It was sent while the lease was the node's, and arrives when it is another's.
TEST_F(Lease, ALeaseThatIsGivenBackTooLateIsLeftToItsNextHolder) {
    stage.settings.shield.lock_timeout = milliseconds(20);
    const auto node = make_node("lock");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.read_takes = milliseconds(19);
    Stamp next = no_stamp;
    stage.at(0, [&] { EXPECT_EQ(node->read(key)->outcome, Outcome::miss); });
    stage.at(18, [&] { leases.next_change_takes = milliseconds(5); });
    stage.at(21, [&] {
        next = *leases.put(key, Row(), milliseconds(20), Condition::absent());
        EXPECT_NE(next, no_stamp);
    });
    stage.runtime->run();
    ASSERT_EQ(leases.entries.count(key), 1U);
    EXPECT_EQ(leases.entries.at(key).stamp, next);
}

}  // namespace
}  // namespace stalemark
