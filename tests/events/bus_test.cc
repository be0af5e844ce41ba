// SPDX-License-Identifier: Apache-2.0
// What reaches whom and when, on a bus without faults; and how a bus ends.

#include "events/bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "events/stage.h"

namespace stalemark {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Numbers = std::vector<std::uint64_t>;

class BusTest : public testing::Test, public BusStage {};

TEST_F(BusTest, AnEventReachesEveryNodeButItsPublisher) {
    settings.delay = delay("3ms");
    make();
    publish_at(milliseconds(10), 1);
    play_until(milliseconds(20));
    EXPECT_THAT(nodes[0]->arrived, ElementsAre(Arrived{milliseconds(13), 1, 1}));
    EXPECT_THAT(nodes[1]->arrived, IsEmpty());
    EXPECT_THAT(nodes[2]->arrived, ElementsAre(Arrived{milliseconds(13), 1, 1}));
    EXPECT_EQ(bus().counts().published, 1U);
    EXPECT_EQ(bus().counts().offered, 2U);
    EXPECT_EQ(bus().counts().delivered, 2U);
}

TEST_F(BusTest, AnEventOfTheCommitLogReachesEveryNode) {
    make();
    publish_at(milliseconds(10), commit_log);
    play_until(milliseconds(20));
    for (const auto& node : nodes) {
        EXPECT_THAT(node->arrived, ElementsAre(Arrived{milliseconds(10), commit_log, 1}));
    }
    EXPECT_EQ(bus().counts().offered, 3U);
}

TEST_F(BusTest, AnEventCarriesWhatWasPutInAndWhenItWasPublished) {
    make();
    const Header header{.session = 5, .sequence = 6, .invocation = 7};
    at(milliseconds(4),
       [&] { bus().publish({.key = Key{8}, .version = 9, .publisher = 2, .write = header}); });
    play_until(milliseconds(20));
    const Event& event = nodes[0]->events.at(0);
    EXPECT_EQ(event.key, Key{8});
    EXPECT_EQ(event.version, 9U);
    EXPECT_EQ(event.publisher, 2U);
    EXPECT_EQ(event.write, header);
    EXPECT_EQ(event.published, milliseconds(4));
}

TEST_F(BusTest, EachPublisherNumbersItsEventsFromOne) {
    make();
    for (const std::uint32_t publisher : {0U, 1U, 0U, 0U, 1U}) {
        publish_at(milliseconds(1), publisher);
    }
    play_until(milliseconds(20));
    EXPECT_THAT(nodes[1]->sequences(), ElementsAre(1, 2, 3));
    EXPECT_THAT(nodes[0]->sequences(), ElementsAre(1, 2));
}

TEST_F(BusTest, ANodeWithoutASubscriberIsNotOfferedAnything) {
    Bus half(*runtime, settings);
    Notebook node(*runtime);
    half.subscribe(2, node);
    at(milliseconds(1), [&] {
        half.publish({.publisher = commit_log});
        half.drain(milliseconds(1));
    });
    runtime->run();
    EXPECT_EQ(half.counts().offered, 1U);
    EXPECT_THAT(node.sequences(), ElementsAre(1));
}

TEST_F(BusTest, TheDelayIsDrawnForEachReceiver) {
    settings.delay = delay("uniform(1ms,9ms)");
    make();
    publish_at(milliseconds(10));
    play_until(milliseconds(20));
    EXPECT_NE(nodes[1]->arrived[0].at, nodes[2]->arrived[0].at);
}

// Events so far apart that none waits for the one before it.
TEST_F(BusTest, TheDelayHasTheMeanOfItsDistribution) {
    settings.nodes = 2;
    settings.delay = delay("lognormal(1ms,0.5)");
    double sum_ms = 0;
    watch.on_delivered = [&](std::uint32_t node, const Event& event, Duration taken) {
        EXPECT_EQ(node, 1U);
        EXPECT_EQ(taken, runtime->now() - event.published);
        sum_ms += 1e-6 * static_cast<double>(taken.count());
    };
    make();
    constexpr int events = 20'000;
    publish_every(milliseconds(100), events);
    play_until(std::chrono::hours(1));
    EXPECT_EQ(bus().counts().delivered, static_cast<std::uint64_t>(events));
    const double mean = std::exp(0.125);
    const double deviation = mean * std::sqrt(std::expm1(0.25));
    EXPECT_NEAR(sum_ms / events, mean, 3.29 * deviation / std::sqrt(events));
}

// As over one connection: an event arrives after its own delay or with the one before it,
// whichever is later.
TEST_F(BusTest, APairOfNodesIsFirstInFirstOut) {
    settings.delay = delay("uniform(0,10ms)");
    make();
    constexpr int events = 1'000;
    publish_every(milliseconds(1), events);
    play_until(std::chrono::hours(1));
    int held_up = 0;
    for (const std::uint32_t node : {1U, 2U}) {
        Instant due{0};
        for (int i = 1; i <= events; ++i) {
            const auto number = static_cast<std::uint64_t>(i);
            const Instant alone =
                milliseconds(i) + draw_delivery(settings, "bus event", 0, node, number).delay;
            held_up += alone < due;
            due = std::max(due, alone);
            EXPECT_EQ(nodes[node]->arrived.at(number - 1), (Arrived{due, 0, number}));
        }
    }
    EXPECT_GT(held_up, events / 2) << "the delays never crossed: nothing was tested";
    EXPECT_EQ(bus().counts().reordered, 0U);
}

TEST_F(BusTest, PublishersDoNotWaitForEachOther) {
    settings.delay = delay("uniform(0,10ms)");
    settings.nodes = 21;
    make();
    for (std::uint32_t publisher = 1; publisher < 21; ++publisher) {
        publish_at(milliseconds(1), publisher);
    }
    play_until(std::chrono::hours(1));
    std::vector<std::uint32_t> order;
    for (const Arrived& each : nodes[0]->arrived) order.push_back(each.publisher);
    EXPECT_EQ(order.size(), 20U);
    EXPECT_FALSE(std::ranges::is_sorted(order));
}

TEST_F(BusTest, WhatArrivesWhileANodeIsBusyWaitsForIt) {
    make();
    nodes[1]->takes = milliseconds(10);
    for (int ms : {1, 2, 30}) publish_at(milliseconds(ms));
    play_until(milliseconds(100));
    EXPECT_THAT(nodes[1]->arrived,
                ElementsAre(Arrived{milliseconds(1), 0, 1}, Arrived{milliseconds(11), 0, 2},
                            Arrived{milliseconds(30), 0, 3}));
    EXPECT_EQ(nodes[2]->arrived[1].at, milliseconds(2)) << "the other node was not busy";
}

TEST_F(BusTest, CallsComeOnTheDeliveringTaskWhenTheyAreDue) {
    make();
    Instant called{0};
    at(milliseconds(1),
       [&] { bus().call_at(1, milliseconds(7), [&] { called = runtime->now(); }); });
    play_until(milliseconds(2));
    EXPECT_EQ(called, milliseconds(7)) << "drain() waits for calls, too";
}

TEST_F(BusTest, AnIdleBusWakesNobody) {
    settings.nodes = 100;
    make();
    play_until(std::chrono::hours(24));
    EXPECT_LE(runtime->facts().events, 2U * 100U + 4U) << "each task starts, parks and ends";
}

TEST_F(BusTest, EventsThatAreDueTogetherWakeTheirReceiverOnce) {
    settings.delay = delay("1ms");
    make();
    at(milliseconds(1), [&] {
        for (int i = 0; i < 1'000; ++i) bus().publish({.publisher = 0});
    });
    play_until(milliseconds(5));
    EXPECT_EQ(bus().counts().delivered, 2'000U);
    EXPECT_LE(runtime->facts().events, 20U);
}

TEST_F(BusTest, DrainingWaitsForWhatIsUnderWayAndRefusesMore) {
    settings.delay = delay("30ms");
    make();
    publish_at(milliseconds(9));
    bool is_taken = true;
    at(milliseconds(11), [&] { is_taken = bus().publish({.publisher = 0}); });
    Instant drained{0};
    at(milliseconds(10), [&] {
        EXPECT_TRUE(bus().drain(std::chrono::seconds(1)));
        drained = runtime->now();
    });
    runtime->run();
    EXPECT_EQ(drained, milliseconds(39));
    EXPECT_FALSE(is_taken);
    EXPECT_EQ(bus().counts().published, 1U);
    EXPECT_EQ(bus().counts().delivered, 2U);
}

TEST_F(BusTest, DrainingGivesUpAtItsLimit) {
    settings.delay = delay("30ms");
    make();
    publish_at(milliseconds(1));
    publish_at(milliseconds(9));
    at(milliseconds(10), [&] {
        EXPECT_FALSE(bus().drain(milliseconds(25)));
        EXPECT_EQ(runtime->now(), milliseconds(35));
    });
    runtime->run();
    EXPECT_EQ(bus().counts().delivered, 2U);
    EXPECT_EQ(bus().counts().abandoned, 2U);
}

TEST_F(BusTest, ADrainedBusIsDrainedAtOnce) {
    make();
    at(milliseconds(1), [&] {
        EXPECT_TRUE(bus().drain(Duration::max()));
        EXPECT_TRUE(bus().drain(Duration::max()));
        EXPECT_EQ(runtime->now(), milliseconds(1));
        EXPECT_FALSE(bus().publish({.publisher = 0}));
    });
    runtime->run();
}

TEST_F(BusTest, ABusThatNobodyDrainsIsNamedInTheDeadlock) {
    settings.nodes = 1;
    make();
    try {
        runtime->run();
        FAIL() << "nobody missed the drain";
    } catch (const std::logic_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("task 'events to node 0' waits for an event"));
    }
}

}  // namespace
}  // namespace stalemark
