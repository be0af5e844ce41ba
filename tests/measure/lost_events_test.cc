// SPDX-License-Identifier: Apache-2.0
// Which lost invalidations did harm: how a loss is opened, counted and healed.

#include "measure/lost_events.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "measure/witness.h"

namespace stalemark {
namespace {

constexpr Key key{3};
constexpr std::uint32_t here = 1;

class LostEventsTest : public testing::Test {
protected:
    void lose(std::uint32_t write = 5) { lost.note_lost(here, key, true, write); }
    void read_stale() { lost.note_read(here, key, true, 4); }
    void read(std::uint32_t write) { lost.note_read(here, key, false, write); }

    LostEvents lost{2};
};

TEST_F(LostEventsTest, ALossWithoutACopyDoesNoHarm) {
    lost.note_lost(here, key, false, 5);
    read_stale();
    EXPECT_EQ(lost.counts().lost, 1U);
    EXPECT_EQ(lost.counts().held_no_copy, 1U);
    EXPECT_EQ(lost.counts().harmed, 0U);
    EXPECT_EQ(lost.counts().stale_reads, 0U);
}

TEST_F(LostEventsTest, StaleReadsAfterALossAreItsHarm) {
    lose();
    EXPECT_EQ(lost.counts().harmed, 0U);
    for (int i = 0; i < 3; ++i) read_stale();
    EXPECT_EQ(lost.counts().harmed, 1U);
    EXPECT_EQ(lost.counts().stale_reads, 3U);
}

TEST_F(LostEventsTest, OnlyReadsOfThatKeyOnThatNodeAreItsHarm) {
    lose();
    lost.note_read(0, key, true, 4);
    lost.note_read(here, Key{4}, true, 4);
    EXPECT_EQ(lost.counts().harmed, 0U);
    EXPECT_EQ(lost.counts().stale_reads, 0U);
}

TEST_F(LostEventsTest, AFreshReadHealsAsAfterTheTtl) {
    lose(5);
    read(5);
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 0U);
}

TEST_F(LostEventsTest, AReadOfTheOldValueBeforeItsSuccessorIsAcknowledgedHealsNothing) {
    lose(5);
    read(4);  // Not stale yet, and still the copy that should have been dropped.
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 1U);
}

TEST_F(LostEventsTest, ARowAsNewAsTheLostEventHealsHoweverStaleItIsAgainstALaterWrite) {
    lose(5);
    lost.note_read(here, key, true, 5);
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 0U);
    EXPECT_EQ(lost.counts().stale_reads, 0U);
}

TEST_F(LostEventsTest, AnAbsenceThatIsNotStaleHeals) {
    lose(5);
    lost.note_read(here, key, false, std::nullopt);
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 0U);
}

TEST_F(LostEventsTest, AnotherEventThatDropsTheCopyHeals) {
    lose();
    lost.heal(here, key);
    read_stale();
    EXPECT_EQ(lost.counts().stale_reads, 0U);
}

TEST_F(LostEventsTest, AClearedCacheHealsEveryKeyOfItsNodeAlone) {
    lose();
    lost.note_lost(0, key, true, 5);
    lost.heal(here);
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 0U);
    lost.note_read(0, key, true, 4);
    EXPECT_EQ(lost.counts().harmed, 1U);
}

TEST_F(LostEventsTest, TwoLossesInARowAreBothHarmfulAndEachStaleReadCountsOnce) {
    lose(5);
    lose(6);
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 2U);
    lose(7);
    EXPECT_EQ(lost.counts().harmed, 2U) << "before a read that the last one left stale";
    EXPECT_EQ(lost.counts().stale_reads, 1U);
    read(6);  // Not what the last one told of.
    EXPECT_EQ(lost.counts().harmed, 2U);
    read_stale();
    EXPECT_EQ(lost.counts().harmed, 3U);
    EXPECT_EQ(lost.counts().stale_reads, 2U);
    read(7);
    read_stale();
    EXPECT_EQ(lost.counts().stale_reads, 2U);
}

TEST_F(LostEventsTest, AWitnessTellsOfItsReads) {
    Judges judges{10, 10, 1};
    judges.lost_events = std::make_unique<LostEvents>(2);
    Witness witness{judges, 0, here};
    std::string old_value(40, 'v');
    seal(key, Header{}, old_value);
    const Header header = witness.before_write(key, false);
    judges.lost_events->note_lost(here, key, true, header.invocation);
    const auto entitled = witness.before_read(key);  // Before the acknowledgement.
    witness.after_read(key, entitled, Instant{0}, old_value);
    witness.after_write(key, header, false, Instant{0});
    witness.after_read(key, witness.before_read(key), Instant{0}, old_value);
    EXPECT_EQ(judges.lost_events->counts().harmed, 1U);
    std::string new_value(40, 'v');
    seal(key, header, new_value);
    witness.after_read(key, witness.before_read(key), Instant{0}, new_value);
    witness.after_read(key, witness.before_read(key), Instant{0}, old_value);
    EXPECT_EQ(judges.lost_events->counts().stale_reads, 1U);
}

TEST_F(LostEventsTest, OverThreadsNothingIsCountedTwiceOrNotAtAll) {
    constexpr std::uint64_t rounds = 10'000;
    std::vector<std::thread> threads;
    for (std::uint64_t number = 0; number < 3; ++number) {
        threads.emplace_back([&, own = Key{number}] {
            for (std::uint64_t i = 0; i < rounds; ++i) {
                lost.note_lost(here, own, true, 5);
                lost.note_read(here, own, true, 4);
                lost.note_read(here, own, false, 5);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(lost.counts().lost, 3 * rounds);
    EXPECT_EQ(lost.counts().harmed, 3 * rounds);
    EXPECT_EQ(lost.counts().stale_reads, 3 * rounds);
}

}  // namespace
}  // namespace stalemark
