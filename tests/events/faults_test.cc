// SPDX-License-Identifier: Apache-2.0
// Loss, outages, duplication, reordering: each knob does what it says, and nothing else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "events/binomial.h"
#include "events/stage.h"

namespace stalemark {
namespace {

using testing::ElementsAre;

constexpr int many = 20'000;

class FaultsTest : public testing::Test, public BusStage {
protected:
    // `many` events of node 0, a millisecond apart.
    void play_many() {
        make();
        publish_every(milliseconds(1), many);
        play_until(std::chrono::hours(1));
        const BusCounts counts = bus().counts();
        EXPECT_EQ(counts.published, static_cast<std::uint64_t>(many));
        EXPECT_EQ(counts.offered + counts.duplicated, counts.delivered + counts.lost);
    }
};

// Everything that reached anybody: a fingerprint of a run.
std::vector<Arrived> arrivals(BusSettings settings, const Distribution& spread) {
    BusStage stage;
    stage.settings = std::move(settings);
    stage.settings.nodes = 3;
    stage.settings.delay = spread;
    stage.make();
    stage.publish_every(milliseconds(1), 500);
    stage.play_until(std::chrono::hours(1));
    std::vector<Arrived> all;
    for (const auto& node : stage.nodes) {
        all.insert(all.end(), node->arrived.begin(), node->arrived.end());
    }
    return all;
}

TEST_F(FaultsTest, ABusWithoutFaultsDeliversEveryEventOnceAndInOrder) {
    settings.delay = delay("uniform(0,10ms)");
    play_many();
    const BusCounts counts = bus().counts();
    EXPECT_EQ(counts.delivered, 2U * many);
    EXPECT_EQ(counts.lost + counts.duplicated + counts.held_back + counts.reordered, 0U);
    EXPECT_TRUE(std::ranges::is_sorted(nodes[1]->sequences()));
}

TEST_F(FaultsTest, TheShareThatIsLostIsAsAsked) {
    settings.nodes = 2;
    settings.loss = 0.01;
    play_many();
    EXPECT_THAT(bus().counts().lost, is_binomial(many, 0.01));
}

TEST_F(FaultsTest, EachLossIsToldWithItsReceiverAndItsEvent) {
    settings.loss = 0.3;
    std::map<std::uint32_t, std::set<std::uint64_t>> lost;
    watch.on_lost = [&](std::uint32_t node, const Event& event) {
        EXPECT_EQ(event.publisher, 0U);
        EXPECT_TRUE(lost[node].insert(event.sequence).second);
    };
    play_many();
    EXPECT_EQ(lost[1].size() + lost[2].size(), bus().counts().lost);
    for (const std::uint32_t node : {1U, 2U}) {
        EXPECT_EQ(lost[node].size() + nodes[node]->arrived.size(), std::size_t{many});
        for (const std::uint64_t number : nodes[node]->sequences()) {
            EXPECT_FALSE(lost[node].contains(number));
        }
    }
}

TEST_F(FaultsTest, ReceiversLoseIndependentlyOfEachOther) {
    settings.loss = 0.5;
    play_many();
    std::vector<std::uint64_t> both;
    std::ranges::set_intersection(nodes[1]->sequences(), nodes[2]->sequences(),
                                  std::back_inserter(both));
    EXPECT_THAT(both.size(), is_binomial(many, 0.25));
}

TEST_F(FaultsTest, AnOutageLosesWhatIsSentFromItsBeginToItsEnd) {
    settings.nodes = 2;
    settings.delay = delay("5ms");
    settings.outages = {{milliseconds(3), milliseconds(5)}, {milliseconds(8), milliseconds(9)}};
    make();
    publish_every(milliseconds(1), 10);
    play_until(milliseconds(100));
    EXPECT_THAT(nodes[1]->sequences(), ElementsAre(1, 2, 5, 6, 7, 9, 10))
        << "what is under way when an outage begins arrives";
    EXPECT_EQ(bus().counts().lost, 3U);
}

TEST_F(FaultsTest, TheShareThatArrivesTwiceIsAsAsked) {
    settings.nodes = 2;
    settings.delay = delay("uniform(0,10ms)");
    settings.duplication = 0.02;
    play_many();
    EXPECT_THAT(bus().counts().duplicated, is_binomial(many, 0.02));
    std::map<std::uint64_t, int> times;
    for (const std::uint64_t number : nodes[1]->sequences()) ++times[number];
    const auto twice =
        std::ranges::count_if(times, [](const auto& t) { return t.second == 2; });
    EXPECT_EQ(static_cast<std::uint64_t>(twice), bus().counts().duplicated);
    EXPECT_EQ(times.size(), std::size_t{many});
    EXPECT_EQ(bus().counts().reordered, 0U) << "a copy does not count as late";
}

// Events 1 ms apart, held back for 3.5 ms: one is overtaken unless the next three are held
// back, too.
TEST_F(FaultsTest, TheShareThatIsHeldBackIsOvertaken) {
    settings.nodes = 2;
    settings.delay = delay("5ms");
    settings.reordering = 0.4;
    settings.hold_back = delay("3500us");
    play_many();
    EXPECT_THAT(bus().counts().held_back, is_binomial(many, 0.4));
    EXPECT_THAT(bus().counts().reordered, is_binomial(many, 0.4 * (1 - 0.4 * 0.4 * 0.4)));
    for (const Arrived& each : nodes[1]->arrived) {
        const Duration taken = each.at - milliseconds(each.sequence);
        EXPECT_TRUE(taken == milliseconds(5) || taken == std::chrono::microseconds(8500));
    }
}

TEST_F(FaultsTest, WhatIsHeldBackTooBrieflyIsNotOvertaken) {
    settings.delay = delay("5ms");
    settings.reordering = 0.4;
    settings.hold_back = delay("900us");
    play_many();
    EXPECT_GT(bus().counts().held_back, 0U);
    EXPECT_EQ(bus().counts().reordered, 0U);
}

TEST(BusDraws, TheSameSeedGivesTheSameDeliveries) {
    BusSettings settings = {.seed = 1, .loss = 0.1, .duplication = 0.1, .reordering = 0.1};
    settings.hold_back = delay("uniform(1ms,5ms)");
    const Distribution spread = delay("lognormal(1ms,0.5)");
    const auto once = arrivals(settings, spread);
    EXPECT_EQ(arrivals(settings, spread), once);
    settings.seed = 2;
    EXPECT_NE(arrivals(settings, spread), once);
}

TEST(BusDraws, LessLossLosesAPartOfTheSameEvents) {
    const auto lost = [](double loss) {
        std::set<std::uint64_t> numbers;
        const BusSettings settings = {.loss = loss};
        for (std::uint64_t i = 1; i <= 10'000; ++i) {
            if (draw_delivery(settings, "bus event", 0, 1, i).is_lost) numbers.insert(i);
        }
        return numbers;
    };
    EXPECT_TRUE(std::ranges::includes(lost(0.2), lost(0.1)));
    EXPECT_THAT(lost(0.2).size(), is_binomial(10'000, 0.2));
}

TEST(BusDraws, NoKnobChangesWhatAnotherOneDraws) {
    BusSettings settings = {.duplication = 0.5};
    settings.delay = delay("uniform(1ms,9ms)");
    BusSettings all = settings;
    all.loss = 0.5;
    all.reordering = 0.5;
    all.hold_back = delay("uniform(1ms,9ms)");
    for (std::uint64_t i = 1; i <= 1'000; ++i) {
        const Delivery alone = draw_delivery(settings, "bus event", 0, 1, i);
        const Delivery among_others = draw_delivery(all, "bus event", 0, 1, i);
        EXPECT_EQ(among_others.delay, alone.delay);
        EXPECT_EQ(among_others.copy_delay, alone.copy_delay);
    }
}

TEST(BusDraws, AreOthersForEachReceiverPublisherAndStream) {
    BusSettings settings;
    settings.delay = delay("uniform(1ms,9ms)");
    const auto drawn = [&](std::string_view stream, std::uint32_t from, std::uint32_t to) {
        return draw_delivery(settings, stream, from, to, 1).delay;
    };
    const std::set<Duration> all = {drawn("bus event", 0, 1), drawn("bus event", 1, 0),
                                    drawn("bus event", 0, 2), drawn("bus event", commit_log, 1),
                                    drawn("bus heartbeat", 0, 1)};
    EXPECT_EQ(all.size(), 5U);
}

TEST(BusOutages, AreWaitedForOneAfterAnother) {
    BusSettings settings;
    settings.outages = {{milliseconds(7), milliseconds(9)}, {milliseconds(3), milliseconds(7)}};
    EXPECT_EQ(after_outages(settings, milliseconds(2)), milliseconds(2));
    EXPECT_EQ(after_outages(settings, milliseconds(4)), milliseconds(9));
    EXPECT_EQ(after_outages(settings, milliseconds(9)), milliseconds(9));
}

}  // namespace
}  // namespace stalemark
