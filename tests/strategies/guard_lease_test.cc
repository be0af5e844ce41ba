// SPDX-License-Identifier: Apache-2.0
// The guard `lease`: who loses, who is refused, and how a lease ends.

#include <gtest/gtest.h>

#include "strategies/guard_stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class GuardLease : public testing::Test {
protected:
    GuardLease() {
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
        stage.store.read_takes = milliseconds(10);
        stage.settings.guarding.lease_ttl = milliseconds(100);
    }
    void make() { stage.make("cache_aside", "lease"); }

    GuardStage stage;
};

TEST_F(GuardLease, ALoserWaitsForTheFillOfTheHolder) {
    make();
    stage.at(0, [&] { stage.read(key); });
    stage.at(1, [&] {
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_EQ(stage.last_outcome, Outcome::wait);
    });
    stage.play();
    EXPECT_EQ(stage.store.reads, 1);
}

TEST_F(GuardLease, ALoserMayReadTheStoreAndCacheNothing) {
    stage.settings.guarding.lease_losers = LeaseLosers::bypass;
    make();
    stage.at(0, [&] {
        stage.store.read_takes = milliseconds(30);
        stage.read(key);
    });
    stage.at(1, [&] {
        stage.store.read_takes = milliseconds(10);
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_EQ(stage.last_outcome, Outcome::bypass);
        EXPECT_EQ(stage.cached(key), "nothing");
    });
    stage.play();
    EXPECT_EQ(stage.store.reads, 2);
    EXPECT_EQ(stage.cached(key), "old");
}

// It has a token of before the write, and a loser beside it has the new value already.
TEST_F(GuardLease, UntilTheEraseAReaderMayGoBackInTime) {
    stage.settings.guarding.lease_losers = LeaseLosers::bypass;
    make();
    stage.at(0, [&] { stage.read(key); });
    stage.at(2, [&] {
        stage.cache.next_change_takes = milliseconds(30);  // Of the erase.
        stage.write(key, "new");
    });
    stage.at(3, [&] {
        stage.store.read_takes = milliseconds(0);
        EXPECT_EQ(stage.read(key), "new");
    });
    stage.at(20, [&] { EXPECT_EQ(stage.read(key), "old"); });
    stage.at(40, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play();
}

TEST_F(GuardLease, ARefusedReaderAnswersWhatItHasReadOrStartsAgain) {
    for (const auto refused : {LeaseRefused::answer, LeaseRefused::retry}) {
        GuardStage on;
        on.store.rows[key] = {Bytes("old"), 1};
        on.store.version = 1;
        on.store.read_takes = milliseconds(10);
        on.settings.guarding.lease_refused = refused;
        on.make("cache_aside", "lease");
        const bool retries = refused == LeaseRefused::retry;
        on.at(0, [&] {
            EXPECT_EQ(on.read(key), retries ? "new" : "old");
            EXPECT_EQ(on.last_outcome, Outcome::miss);
        });
        on.at(5, [&] { on.write(key, "new"); });
        on.play();
        EXPECT_EQ(on.store.reads, retries ? 2 : 1);
        EXPECT_EQ(on.cached(key), retries ? "new" : "nothing");
    }
}

TEST_F(GuardLease, AReaderStartsAgainThreeTimesAtMost) {
    stage.settings.guarding.lease_refused = LeaseRefused::retry;
    make();
    stage.at(0, [&] { EXPECT_NE(stage.read(key), "trouble"); });
    for (int ms = 5; ms < 200; ms += 10) stage.at(ms, [&] { stage.write(key, "newer"); });
    stage.play();
    EXPECT_EQ(stage.store.reads, 4);
}

TEST_F(GuardLease, AFillThatIsTooLargeIsNotTriedAgain) {
    stage.settings.guarding.lease_refused = LeaseRefused::retry;
    make();
    stage.store.rows[key] = {Bytes(std::string(5'000, 'x')), 1};
    stage.at(0, [&] { stage.read(key); });
    stage.at(20, [&] { stage.read(key); });  // Nor does its lease hold up anybody.
    stage.at(35, [&] { EXPECT_EQ(stage.store.reads, 2); });
    stage.play();
}

TEST_F(GuardLease, AHolderThatDiedHoldsUpTheOthersUntilItsLeaseEnds) {
    make();
    stage.at(0, [&] {
        stage.store.dies_once = true;
        EXPECT_THROW(stage.read(key), std::runtime_error);
    });
    stage.at(20, [&] {
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_GE(stage.runtime->now(), milliseconds(100));
        EXPECT_EQ(stage.last_outcome, Outcome::miss);
    });
    stage.play();
}

TEST_F(GuardLease, ALoadThatFailedOrFoundNothingGivesItsLeaseBack) {
    make();
    stage.store.fails_reads = true;
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "trouble"); });
    stage.at(1, [&] {
        stage.store.fails_reads = false;
        stage.store.rows.clear();
        EXPECT_EQ(stage.read(key), "absent");
        EXPECT_EQ(stage.read(key), "absent");
        EXPECT_EQ(stage.runtime->now(), milliseconds(21));  // Nobody had to wait.
        EXPECT_EQ(stage.last_outcome, Outcome::miss);
    });
    stage.play();
}

TEST_F(GuardLease, OfReadThroughIsThatOfItsFirstLook) {
    stage.make("read_through", "lease");
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "old"); });
    stage.at(15, [&] { EXPECT_EQ(stage.cached(key), "old"); });
    stage.play();
    EXPECT_EQ(stage.runtime->now(), milliseconds(100'000));
}

TEST_F(GuardLease, KeepsASlowFillFromAValueThatWaitsInAQueue) {
    for (const bool is_evicted : {false, true}) {
        GuardStage on;
        on.store.rows[key] = {Bytes("old"), 1};
        on.store.version = 1;
        on.store.read_takes = milliseconds(10);
        on.make("write_behind", "lease");
        on.at(0, [&] { on.read(key); });
        on.at(5, [&] { on.write(key, "new"); });
        if (is_evicted) on.at(7, [&] { on.evict(key); });
        on.at(20, [&] { EXPECT_EQ(on.read(key), "new"); });
        on.at(1'000, [&] { EXPECT_EQ(on.read(key), "new"); });
        on.play();
    }
}

}  // namespace
}  // namespace stalemark
