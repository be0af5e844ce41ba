// SPDX-License-Identifier: Apache-2.0
// What a receiver makes of lost, late and doubled events; losses are planted by an outage.

#include "events/receiver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "events/stage.h"

namespace stalemark {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Counts = ReceiverCounts;

class ReceiverTest : public testing::Test, public BusStage {
protected:
    // Ten events of node 0, at 10 ms, 20 ms, ... 100 ms, which take 1 ms.
    void play_ten(const ReceiverSettings& receiver_settings) {
        settings.nodes = 2;
        settings.delay = delay("1ms");
        make(receiver_settings);
        publish_every(milliseconds(10), 10);
        play_until(milliseconds(500));
        counts = receivers[1]->counts();
    }

    // Everything that is published in these milliseconds is lost.
    void lose(int from_ms, int to_ms) {
        settings.outages.push_back({milliseconds(from_ms), milliseconds(to_ms)});
    }
    NearCache& near_cache() { return *near_caches[1]; }

    ReceiverCounts counts;
};

TEST_F(ReceiverTest, FindsNoGapWhereNothingWasLost) {
    for (const OnGap on_gap : {OnGap::none, OnGap::clear, OnGap::reconcile}) {
        BusStage stage;
        stage.settings = {.delay = delay("uniform(0,30ms)"), .heartbeat = milliseconds(3)};
        stage.settings.nodes = 2;
        stage.make({.on_gap = on_gap, .grace = Duration{0}});
        stage.publish_every(milliseconds(1), 2'000);
        stage.play_until(std::chrono::seconds(3));
        const ReceiverCounts found = stage.receivers[1]->counts();
        EXPECT_EQ(found.applied, 2'000U);
        EXPECT_EQ(found.gaps + found.missed + found.clears + found.requests, 0U);
        EXPECT_EQ(found.duplicates + found.false_alarms, 0U);
    }
}

TEST_F(ReceiverTest, FindsOneGapWhereOneEventWasLost) {
    lose(50, 51);
    play_ten({.on_gap = OnGap::none});
    EXPECT_EQ(counts.gaps, 1U);
    EXPECT_EQ(counts.missed, 1U);
    EXPECT_THAT(near_cache().sequences(), ElementsAre(1, 2, 3, 4, 6, 7, 8, 9, 10));
    EXPECT_THAT(near_cache().cleared, IsEmpty());
}

TEST_F(ReceiverTest, ARunOfLostEventsIsOneGap) {
    lose(30, 61);
    lose(80, 81);
    play_ten({.on_gap = OnGap::none});
    EXPECT_EQ(counts.gaps, 2U);
    EXPECT_EQ(counts.missed, 5U);
}

TEST_F(ReceiverTest, ClearsTheNearCacheOnceTheGraceOfAGapIsOver) {
    lose(50, 51);
    play_ten({.on_gap = OnGap::clear, .grace = milliseconds(25)});
    EXPECT_THAT(near_cache().cleared, ElementsAre(milliseconds(61 + 25)));
    EXPECT_EQ(counts.clears, 1U);
}

TEST_F(ReceiverTest, DeclaresAGapInTimeWhoseLikeCameBeforeIt) {
    lose(80, 81);
    lose(91, 92);
    publish_at(milliseconds(91));
    play_ten({.on_gap = OnGap::clear, .grace = milliseconds(25)});
    EXPECT_THAT(near_cache().cleared,
                ElementsAre(milliseconds(91 + 25), milliseconds(101 + 25)));
}

TEST_F(ReceiverTest, WithoutAGraceItClearsAtTheNextEvent) {
    lose(50, 51);
    play_ten({.on_gap = OnGap::clear, .grace = Duration{0}});
    EXPECT_THAT(near_cache().cleared, ElementsAre(milliseconds(61)));
}

TEST_F(ReceiverTest, TheLossOfTheLastEventIsNotFoundWithoutHeartbeats) {
    lose(100, 101);
    play_ten({.on_gap = OnGap::clear});
    EXPECT_EQ(counts.gaps, 0U);
    EXPECT_THAT(near_cache().cleared, IsEmpty());
}

TEST_F(ReceiverTest, TheLossOfTheLastEventIsFoundByTheNextHeartbeat) {
    lose(100, 101);
    settings.heartbeat = milliseconds(40);
    play_ten({.on_gap = OnGap::clear, .grace = milliseconds(5)});
    EXPECT_EQ(counts.gaps, 1U);
    // Heartbeats leave at 50, 90, 130 ms.
    EXPECT_THAT(near_cache().cleared, ElementsAre(milliseconds(130 + 1 + 5)));
}

TEST_F(ReceiverTest, AsksThePublisherForWhatItMissed) {
    lose(50, 71);
    settings.kept_events = 100;
    play_ten({.on_gap = OnGap::reconcile, .grace = milliseconds(4)});
    EXPECT_THAT(near_cache().sequences(), ElementsAre(1, 2, 3, 4, 8, 5, 6, 7, 9, 10));
    for (const std::size_t place : {5U, 6U, 7U}) {
        EXPECT_EQ(near_cache().invalidated[place].at, milliseconds(81 + 4 + 2 * 1));
    }
    EXPECT_EQ(counts.gaps, 1U);
    EXPECT_EQ(counts.requests, 1U);
    EXPECT_EQ(counts.recovered, 3U);
    EXPECT_EQ(counts.applied, 10U);
    EXPECT_EQ(counts.clears + counts.unrecoverable + counts.false_alarms, 0U);
}

// Event 5 is asked for when events 7 and 8 have been published as well: three are needed.
TEST_F(ReceiverTest, ClearsWhenThePublisherDoesNotKeepWhatItMissed) {
    lose(50, 51);
    settings.kept_events = 3;
    play_ten({.on_gap = OnGap::reconcile, .grace = milliseconds(15)});  // Asked at 77 ms.
    EXPECT_EQ(counts.recovered, 1U);
    EXPECT_EQ(counts.clears, 0U);
}

TEST_F(ReceiverTest, ClearsWhenThePublisherKeepsOneEventTooFew) {
    lose(50, 51);
    settings.kept_events = 2;
    play_ten({.on_gap = OnGap::reconcile, .grace = milliseconds(15)});
    EXPECT_EQ(counts.recovered, 0U);
    EXPECT_EQ(counts.unrecoverable, 1U);
    EXPECT_THAT(near_cache().cleared, ElementsAre(milliseconds(61 + 15 + 2)));
}

TEST_F(ReceiverTest, ARequestWaitsForTheEndOfAnOutage) {
    lose(50, 51);
    lose(62, 68);
    settings.kept_events = 100;
    play_ten({.on_gap = OnGap::reconcile, .grace = milliseconds(4)});  // Asks at 65 ms.
    EXPECT_EQ(near_cache().invalidated[5].sequence, 5U);
    EXPECT_EQ(near_cache().invalidated[5].at, milliseconds(68 + 2));
}

TEST_F(ReceiverTest, AnEventThatIsLateWithinTheGraceIsNoGap) {
    settings.reordering = 0.3;
    settings.hold_back = delay("35ms");
    settings.heartbeat = milliseconds(7);
    play_ten({.on_gap = OnGap::clear, .grace = milliseconds(40)});
    EXPECT_GT(bus().counts().reordered, 0U);
    EXPECT_EQ(counts.gaps + counts.clears + counts.false_alarms + counts.duplicates, 0U);
    EXPECT_EQ(counts.applied, 10U);
}

TEST_F(ReceiverTest, AnEventThatIsLaterThanTheGraceIsAFalseAlarmAndApplied) {
    settings.reordering = 0.3;
    settings.hold_back = delay("35ms");
    play_ten({.on_gap = OnGap::clear, .grace = Duration{0}});
    EXPECT_GT(counts.gaps, 0U);
    EXPECT_EQ(counts.missed, counts.false_alarms) << "nothing was lost";
    EXPECT_EQ(counts.false_alarms, bus().counts().reordered);
    EXPECT_EQ(counts.applied, 10U);
    EXPECT_EQ(counts.duplicates, 0U);
}

TEST_F(ReceiverTest, AnEventThatComesAfterItWasRecoveredIsDropped) {
    settings.reordering = 0.3;
    settings.hold_back = delay("35ms");
    settings.kept_events = 100;
    play_ten({.on_gap = OnGap::reconcile, .grace = Duration{0}});
    EXPECT_GT(counts.recovered, 0U);
    EXPECT_EQ(counts.recovered, counts.false_alarms);
    EXPECT_EQ(counts.applied, 10U);
    EXPECT_THAT(near_cache().sequences(), UnorderedElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST_F(ReceiverTest, DuplicatesAreDroppedAndAreNoGap) {
    settings.duplication = 1;
    play_ten({.on_gap = OnGap::clear, .grace = Duration{0}});
    EXPECT_EQ(counts.duplicates, 10U);
    EXPECT_EQ(counts.applied, 10U);
    EXPECT_EQ(counts.gaps + counts.clears + counts.false_alarms, 0U);
    EXPECT_THAT(near_cache().sequences(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST_F(ReceiverTest, PublishersAreToldApart) {
    lose(20, 21);
    make({.on_gap = OnGap::none, .grace = Duration{0}});
    publish_at(milliseconds(10), 0);
    publish_at(milliseconds(20), 1);  // Lost, and followed by none of node 1.
    publish_at(milliseconds(30), 0);
    publish_at(milliseconds(40), commit_log);
    play_until(milliseconds(100));
    EXPECT_EQ(receivers[2]->counts().gaps, 0U);
    EXPECT_EQ(receivers[2]->counts().applied, 3U);
}

TEST_F(ReceiverTest, TheCommitLogCanBeAskedToo) {
    lose(20, 21);
    settings.kept_events = 10;
    make({.on_gap = OnGap::reconcile, .grace = Duration{0}});
    for (const int ms : {10, 20, 30}) publish_at(milliseconds(ms), commit_log);
    play_until(milliseconds(100));
    for (const auto& each : near_caches) EXPECT_THAT(each->sequences(), ElementsAre(1, 3, 2));
}

// Loss, copies, late events, batches and heartbeats at once: in the end nothing is missing.
TEST_F(ReceiverTest, ReconcilingRecoversEveryEventOfABadBus) {
    settings = {.delay = delay("lognormal(1ms,0.5)"),
                .loss = 0.2,
                .duplication = 0.2,
                .reordering = 0.2,
                .hold_back = delay("uniform(1ms,80ms)"),
                .outages = {{milliseconds(200), milliseconds(300)}},
                .batch_max = 3,
                .batch_delay = milliseconds(5),
                .heartbeat = milliseconds(50),
                .kept_events = 100'000};
    settings.nodes = 3;
    make({.on_gap = OnGap::reconcile});
    publish_every(milliseconds(1), 5'000);
    play_until(std::chrono::seconds(60));
    std::vector<std::uint64_t> all(5'000);
    std::iota(all.begin(), all.end(), 1);
    for (const std::size_t node : {1U, 2U}) {
        auto numbers = near_caches[node]->sequences();
        std::ranges::sort(numbers);
        EXPECT_EQ(numbers, all);
        const ReceiverCounts found = receivers[node]->counts();
        EXPECT_GT(found.recovered, 500U);
        EXPECT_GT(found.duplicates, 500U);
        EXPECT_GT(found.false_alarms, 10U);
        EXPECT_EQ(found.applied, 5'000U);
        EXPECT_EQ(found.clears, 0U);
    }
}

}  // namespace
}  // namespace stalemark
