// SPDX-License-Identifier: Apache-2.0
// Batches and heartbeats: what a publisher sends by its timer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "events/stage.h"

namespace stalemark {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Instants = std::vector<Instant>;

class BatchTest : public testing::Test, public BusStage {
protected:
    BatchTest() { settings.nodes = 2; }

    Instants instants() const {
        Instants all;
        for (const Arrived& each : nodes[1]->arrived) all.push_back(each.at);
        return all;
    }
};

TEST_F(BatchTest, AFullBatchIsSentAtOnce) {
    settings.batch_max = 3;
    settings.batch_delay = std::chrono::seconds(10);
    settings.delay = delay("1ms");
    make();
    publish_every(milliseconds(10), 6);
    play_until(std::chrono::seconds(60));
    EXPECT_EQ(instants(), (Instants{milliseconds(31), milliseconds(31), milliseconds(31),
                                    milliseconds(61), milliseconds(61), milliseconds(61)}));
    EXPECT_THAT(nodes[1]->sequences(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(BatchTest, AnEventWaitsNoLongerThanTheDelayOfABatch) {
    settings.batch_max = 100;
    settings.batch_delay = milliseconds(15);
    make();
    publish_every(milliseconds(10), 3);
    play_until(std::chrono::seconds(60));
    EXPECT_EQ(instants(), (Instants{milliseconds(25), milliseconds(25), milliseconds(45)}));
}

TEST_F(BatchTest, TheTimerOfABatchThatWasFullDoesNotSendTheNextOneEarly) {
    settings.batch_max = 2;
    settings.batch_delay = milliseconds(15);
    make();
    publish_every(milliseconds(5), 3);  // Full at 10; the third would be due at 30.
    play_until(std::chrono::seconds(60));
    EXPECT_EQ(instants(), (Instants{milliseconds(10), milliseconds(10), milliseconds(30)}));
}

TEST_F(BatchTest, WhatIsLostOrCopiedIsCountedByEventsAndNotByBatches) {
    settings.batch_max = 10;
    settings.batch_delay = std::chrono::seconds(1);
    settings.loss = 0.3;
    settings.duplication = 0.3;
    make();
    publish_every(milliseconds(1), 1'000);
    play_until(std::chrono::hours(1));
    const BusCounts counts = bus().counts();
    EXPECT_EQ(counts.offered, 1'000U);
    EXPECT_GT(counts.lost, 100U);
    EXPECT_GT(counts.duplicated, 100U);
    EXPECT_EQ(counts.delivered, nodes[1]->sequences().size());
    EXPECT_EQ(counts.offered + counts.duplicated, counts.delivered + counts.lost);
}

TEST_F(BatchTest, ABatchIsLostAsOne) {
    settings.batch_max = 10;
    settings.batch_delay = std::chrono::seconds(1);
    settings.loss = 0.5;
    make();
    publish_every(milliseconds(1), 10'000);
    play_until(std::chrono::hours(1));
    EXPECT_GT(bus().counts().lost, 0U);
    const auto numbers = nodes[1]->sequences();
    ASSERT_EQ(numbers.size() % 10, 0U);
    for (std::size_t i = 0; i < numbers.size(); i += 10) {
        EXPECT_EQ(numbers[i] % 10, 1U);
        EXPECT_EQ(numbers[i + 9], numbers[i] + 9);
    }
}

TEST_F(BatchTest, AnOutageLosesWhatIsSentInItWheneverItWasPublished) {
    settings.batch_max = 10;
    settings.batch_delay = milliseconds(10);
    settings.outages = {{milliseconds(15), milliseconds(16)}};
    make();
    publish_at(milliseconds(5));
    play_until(milliseconds(100));
    EXPECT_THAT(instants(), IsEmpty());
    EXPECT_EQ(bus().counts().lost, 1U);
}

TEST_F(BatchTest, DrainingSendsWhatWaitsInABatch) {
    settings.batch_max = 100;
    settings.batch_delay = std::chrono::hours(1);
    make();
    publish_at(milliseconds(1));
    play_until(milliseconds(2));
    EXPECT_EQ(instants(), Instants{milliseconds(2)});
    EXPECT_EQ(runtime->now(), milliseconds(2)) << "the timer is not waited for";
}

TEST_F(BatchTest, HeartbeatsTellTheNumberOfTheNewestEventFromTheFirstEventOn) {
    settings.nodes = 3;
    settings.heartbeat = milliseconds(10);
    settings.delay = delay("1ms");
    make();
    for (const int ms : {100, 105, 122}) publish_at(milliseconds(ms), 1);
    play_until(milliseconds(135));
    EXPECT_THAT(nodes[0]->heartbeats,
                ElementsAre(Arrived{milliseconds(111), 1, 2}, Arrived{milliseconds(121), 1, 2},
                            Arrived{milliseconds(131), 1, 3}));
    EXPECT_THAT(nodes[1]->heartbeats, IsEmpty());
    EXPECT_EQ(nodes[2]->heartbeats, nodes[0]->heartbeats);
    EXPECT_EQ(bus().counts().heartbeats, 6U);
    EXPECT_EQ(bus().counts().delivered, 6U) << "heartbeats do not count as events";
}

TEST_F(BatchTest, HeartbeatsAreLostLikeEvents) {
    settings.heartbeat = milliseconds(1);
    settings.loss = 0.5;
    make();
    publish_at(milliseconds(1));
    play_until(std::chrono::microseconds(2'001'500));
    const BusCounts counts = bus().counts();
    EXPECT_EQ(counts.heartbeats, 2'000U);
    EXPECT_NEAR(static_cast<double>(counts.heartbeats_lost), 1'000, 3.29 * std::sqrt(500.0));
    EXPECT_THAT(nodes[1]->heartbeats, SizeIs(2'000U - counts.heartbeats_lost));
}

TEST_F(BatchTest, AHeartbeatDoesNotOvertakeTheEventThatItTellsOf) {
    settings.heartbeat = milliseconds(1);
    settings.delay = delay("uniform(0,10ms)");
    make();
    publish_every(milliseconds(1), 1'000);
    play_until(milliseconds(1'100));
    for (const Arrived& told : nodes[1]->heartbeats) {
        EXPECT_LE(nodes[1]->arrived.at(told.sequence - 1).at, told.at);
    }
    EXPECT_GT(nodes[1]->heartbeats.size(), 1'000U);
}

TEST_F(BatchTest, AHeartbeatKeepsQuietAboutWhatWaitsInABatch) {
    settings.batch_max = 100;
    settings.batch_delay = milliseconds(25);
    settings.heartbeat = milliseconds(10);
    make();
    publish_at(milliseconds(1));
    play_until(milliseconds(35));
    EXPECT_THAT(nodes[1]->heartbeats,
                ElementsAre(Arrived{milliseconds(11), 0, 0}, Arrived{milliseconds(21), 0, 0},
                            Arrived{milliseconds(31), 0, 1}));
}

}  // namespace
}  // namespace stalemark
