// SPDX-License-Identifier: Apache-2.0
// The bus over real threads: who gets what, and in which order. Nothing is asserted on when.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <vector>

#include "events/stage.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"

namespace stalemark {
namespace {

constexpr std::uint32_t node_count = 3;
constexpr std::uint32_t writers_a_node = 2;
constexpr std::uint64_t events_a_writer = 500;
constexpr std::uint64_t events_a_node = writers_a_node * events_a_writer;

// Publishes from two tasks on each node; then waits until `is_done`, and drains the bus.
void publish_all(Runtime& runtime, Bus& bus, const std::function<bool()>& is_done) {
    TaskGroup tasks(runtime);
    std::atomic<std::uint32_t> writers = node_count * writers_a_node;
    for (std::uint32_t i = 0; i < node_count * writers_a_node; ++i) {
        tasks.spawn("writer", [&, node = i % node_count] {
            for (std::uint64_t n = 0; n < events_a_writer; ++n) {
                EXPECT_TRUE(bus.publish({.publisher = node}));
                if (n % 50 == 0) runtime.sleep_for(std::chrono::microseconds(200));
            }
            --writers;
        });
    }
    tasks.spawn("boss", [&] {
        while (writers > 0 || !is_done()) runtime.sleep_for(milliseconds(1));
        EXPECT_TRUE(bus.drain(Duration::max()));
        EXPECT_FALSE(bus.publish({.publisher = 0}));
    });
    runtime.run();
}

TEST(BusOverThreads, DeliversEachPairsEventsInTheOrderOfTheirNumbers) {
    const auto runtime = make_thread_runtime();
    BusSettings settings = {.nodes = node_count};
    settings.delay = delay("uniform(0,2ms)");
    Bus bus(*runtime, settings);
    std::vector<std::unique_ptr<Notebook>> nodes;
    for (std::uint32_t node = 0; node < node_count; ++node) {
        nodes.push_back(std::make_unique<Notebook>(*runtime));
        bus.subscribe(node, *nodes.back());
    }
    publish_all(*runtime, bus, [] { return true; });
    for (const auto& node : nodes) {
        std::map<std::uint32_t, std::uint64_t> last;
        for (const Arrived& each : node->arrived) {
            EXPECT_EQ(each.sequence, ++last[each.publisher]);
        }
        EXPECT_EQ(node->arrived.size(), (node_count - 1) * events_a_node);
    }
    EXPECT_EQ(bus.counts().published, node_count * events_a_node);
    EXPECT_EQ(bus.counts().delivered, bus.counts().offered);
    EXPECT_EQ(bus.counts().offered, (node_count - 1) * node_count * events_a_node);
}

TEST(BusOverThreads, RecoversEveryEventOfABadBus) {
    const auto runtime = make_thread_runtime();
    BusSettings settings = {.nodes = node_count,
                            .loss = 0.1,
                            .duplication = 0.1,
                            .reordering = 0.1,
                            .batch_max = 3,
                            .batch_delay = milliseconds(1),
                            .heartbeat = milliseconds(2),
                            .kept_events = 1'000'000};
    settings.delay = delay("uniform(0,500us)");
    settings.hold_back = delay("uniform(0,2ms)");
    Bus bus(*runtime, settings);
    std::vector<std::unique_ptr<NearCache>> near_caches;
    std::vector<std::unique_ptr<Receiver>> receivers;
    for (std::uint32_t node = 0; node < node_count; ++node) {
        near_caches.push_back(std::make_unique<NearCache>(*runtime));
        receivers.push_back(std::make_unique<Receiver>(
            *runtime, bus, node, *near_caches.back(),
            ReceiverSettings{.on_gap = OnGap::reconcile, .grace = milliseconds(1)}));
    }
    constexpr std::uint64_t expected = (node_count - 1) * events_a_node;
    publish_all(*runtime, bus, [&] {
        return std::ranges::all_of(
            receivers, [](const auto& each) { return each->counts().applied >= expected; });
    });
    for (const auto& near_cache : near_caches) {
        std::map<std::pair<std::uint32_t, std::uint64_t>, int> times;
        for (const Arrived& each : near_cache->invalidated) {
            ++times[{each.publisher, each.sequence}];
        }
        EXPECT_EQ(times.size(), expected) << "every event";
        EXPECT_EQ(near_cache->invalidated.size(), expected) << "once";
    }
    EXPECT_GT(bus.counts().lost, 0U);
    EXPECT_GT(bus.counts().duplicated, 0U);
    EXPECT_EQ(bus.counts().delivered + bus.counts().lost,
              bus.counts().offered + bus.counts().duplicated);
}

TEST(BusOverThreads, AnIdleBusCanBeDrained) {
    const auto runtime = make_thread_runtime();
    Bus bus(*runtime, {.nodes = 2, .heartbeat = std::chrono::hours(1)});
    Notebook node(*runtime);
    bus.subscribe(1, node);
    TaskGroup tasks(*runtime);
    tasks.spawn("boss", [&] { EXPECT_TRUE(bus.drain(Duration::max())); });
    runtime->run();
}

}  // namespace
}  // namespace stalemark
