// SPDX-License-Identifier: Apache-2.0
// What strategies promise, by how far their writes reach.

#include <gtest/gtest.h>

#include "core/words.h"
#include "strategies/catalog.h"

namespace stalemark {
namespace {

using Consistency = Promise::Consistency;
using std::chrono::seconds;

class PromiseTest : public testing::Test {
protected:
    Promise promise_of(std::string_view strategy) const {
        return find_strategy(strategy).promise(settings, copies);
    }
    Consistency of(std::string_view strategy) const { return promise_of(strategy).consistency; }

    Settings settings{.invalidate = Invalidate::erase};
    Copies copies;
};

TEST_F(PromiseTest, WithoutACacheItIsTheStoresOwnWhateverTheNodes) {
    settings.invalidate = Invalidate::none;
    for (const std::uint32_t nodes : {1U, 2U, 100U}) {
        copies.nodes = nodes;
        EXPECT_EQ(of("no_cache"), Consistency::linearizable);
    }
}

TEST_F(PromiseTest, ATtlBoundsWhateverCachesWhateverTheNodes) {
    copies.longest_ttl = seconds(5);
    for (const std::uint32_t nodes : {1U, 4U}) {
        copies.nodes = nodes;
        for (const auto* strategy :
             {"cache_aside", "read_through", "write_around", "refresh_ahead"}) {
            EXPECT_EQ(of(strategy), Consistency::bounded_staleness) << strategy;
            EXPECT_EQ(promise_of(strategy).bound, seconds(5)) << strategy;
        }
    }
}

TEST_F(PromiseTest, AWriteThatOnlyItsOwnNodeHearsOfPromisesTheOthersNothing) {
    for (const auto* strategy : {"cache_aside", "read_through", "write_around"}) {
        for (const auto mode : {Invalidate::erase, Invalidate::set}) {
            settings.invalidate = mode;
            copies.nodes = 1;
            EXPECT_EQ(of(strategy), Consistency::eventual) << strategy;
            copies.nodes = 2;
            EXPECT_EQ(of(strategy), Consistency::none) << strategy;
        }
        settings.invalidate = Invalidate::event;
        EXPECT_EQ(of(strategy), Consistency::eventual) << strategy;
        settings.invalidate = Invalidate::none;
        copies.nodes = 1;
        EXPECT_EQ(of(strategy), Consistency::none) << strategy;
    }
}

TEST_F(PromiseTest, NearCopiesThatEndByThemselvesNeedNotHearOfAWriteButTheSharedOneMust) {
    copies.nodes = 4;
    copies.near_ttl_max = seconds(1);
    for (const auto* strategy : {"cache_aside", "write_through"}) {
        settings.invalidate = Invalidate::set;
        EXPECT_EQ(of(strategy), Consistency::eventual) << strategy;
        settings.invalidate = Invalidate::none;
        EXPECT_EQ(of(strategy), Consistency::none) << strategy;
    }
}

TEST_F(PromiseTest, WriteThroughIsStrongOnOneNodeOnly) {
    for (const auto mode : {Invalidate::set, Invalidate::event}) {
        settings.invalidate = mode;
        for (const Duration ttl : {Duration::max(), Duration(seconds(30))}) {
            copies = {.longest_ttl = ttl};
            EXPECT_EQ(of("write_through"), Consistency::linearizable);
        }
        copies.nodes = 2;
        EXPECT_EQ(of("write_through"), Consistency::bounded_staleness);
        EXPECT_EQ(promise_of("write_through").bound, seconds(30));
    }
    copies.longest_ttl = Duration::max();
    EXPECT_EQ(of("write_through"), Consistency::eventual);  // Told by events.
    settings.invalidate = Invalidate::set;
    EXPECT_EQ(of("write_through"), Consistency::none);
}

TEST_F(PromiseTest, QueuesOfSeveralNodesPromiseNothingAndNoTtlMendsThat) {
    settings.invalidate = Invalidate::set;
    EXPECT_EQ(of("write_behind"), Consistency::eventual);
    copies.nodes = 2;
    EXPECT_EQ(of("write_behind"), Consistency::none);
    copies.longest_ttl = seconds(5);
    EXPECT_EQ(of("write_behind"), Consistency::none);
    EXPECT_FALSE(promise_of("write_behind").durable);
}

TEST_F(PromiseTest, WhatIsTreatedBeforeTheStorePromisesLess) {
    settings.order = Order::cache_first;
    EXPECT_EQ(of("cache_aside"), Consistency::none);
    settings.invalidate = Invalidate::set;
    EXPECT_EQ(of("write_through"), Consistency::none);
    copies.longest_ttl = seconds(5);
    EXPECT_EQ(of("write_through"), Consistency::bounded_staleness);
    settings.order = Order::both;
    EXPECT_EQ(of("write_through"), Consistency::bounded_staleness);
}

TEST_F(PromiseTest, AQueueWithoutOrderOrThatNobodyLooksIntoPromisesNothing) {
    settings.invalidate = Invalidate::set;
    settings.flushers = 2;
    EXPECT_EQ(of("write_behind"), Consistency::none);
    settings.flushers = 1;
    settings.looks_into_queue = false;
    EXPECT_EQ(of("write_behind"), Consistency::none);
}

TEST_F(PromiseTest, MoreNodesNeverStrengthenAPromise) {
    for (const StrategyEntry& entry : all_strategies()) {
        for (std::size_t mode = 0; mode < invalidate_names.size(); ++mode) {
            if (!has_word(entry.invalidate, invalidate_names[mode])) continue;
            settings.invalidate = static_cast<Invalidate>(mode);
            for (const Duration ttl : {Duration::max(), Duration(seconds(5))}) {
                const Promise one = entry.promise(settings, {.longest_ttl = ttl});
                const Promise four = entry.promise(settings, {.longest_ttl = ttl, .nodes = 4});
                EXPECT_GE(four.consistency, one.consistency) << entry.name;
                EXPECT_EQ(four.durable, one.durable) << entry.name;
            }
        }
    }
}

}  // namespace
}  // namespace stalemark
