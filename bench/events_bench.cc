// SPDX-License-Identifier: Apache-2.0
// What the invalidation bus costs in virtual time: the commit log publishes 20,000 events a
// second to so many nodes.

#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "events/receiver.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {
namespace {

constexpr std::uint64_t events = 10'000;  // Of one run.
constexpr Duration gap = std::chrono::microseconds(50);

// Takes every event and does nothing about it.
class Nowhere final : public Subscriber, public Invalidated {
public:
    void on_event(const Event& event) override { look_at(event); }
    void on_heartbeat(std::uint32_t /*publisher*/, std::uint64_t /*newest*/) override {}
    void invalidate(const Event& event) override { look_at(event); }
    void clear() override {}

private:
    static void look_at(const Event& event) {
        Key key = event.key;  // A copy: what may not change is no argument of DoNotOptimize().
        benchmark::DoNotOptimize(key);
    }
};

void publish_all(VirtualRuntime& runtime, Bus& bus) {
    TaskGroup tasks(runtime);
    tasks.spawn("publisher", [&] {
        for (std::uint64_t i = 0; i < events; ++i) {
            runtime.sleep_for(gap);
            bus.publish({.key = Key{i}, .publisher = commit_log});
        }
        bus.drain(std::chrono::seconds(1));
    });
    runtime.run();
}

BusSettings settings_of(const benchmark::State& state) {
    BusSettings settings;
    settings.nodes = static_cast<std::uint32_t>(state.range(0));
    settings.delay = Distribution::parse(
        "uniform(200000,800000)",
        [](std::string_view text) { return std::stoull(std::string(text)); },
        [](std::uint64_t ns) { return std::to_string(ns); });
    return settings;
}

void count_deliveries(benchmark::State& state) {
    const auto deliveries =
        static_cast<double>(state.iterations() * state.range(0)) * static_cast<double>(events);
    state.counters["ns_per_delivery"] = benchmark::Counter(
        deliveries / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void publish_and_deliver(benchmark::State& state) {
    Nowhere nowhere;
    for (auto _ : state) {
        const auto runtime = make_virtual_runtime();
        Bus bus(*runtime, settings_of(state));
        for (std::uint32_t node = 0; node < bus.settings().nodes; ++node) {
            bus.subscribe(node, nowhere);
        }
        publish_all(*runtime, bus);
    }
    count_deliveries(state);
}
BENCHMARK(publish_and_deliver)
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->ArgName("nodes")
    ->Unit(benchmark::kMillisecond);

// The same with receivers that look for gaps, of which there are some.
void publish_and_reconcile(benchmark::State& state) {
    Nowhere nowhere;
    for (auto _ : state) {
        const auto runtime = make_virtual_runtime();
        BusSettings settings = settings_of(state);
        settings.loss = 0.01;
        settings.heartbeat = std::chrono::milliseconds(100);
        settings.kept_events = events;
        Bus bus(*runtime, settings);
        std::vector<std::unique_ptr<Receiver>> receivers;
        for (std::uint32_t node = 0; node < settings.nodes; ++node) {
            receivers.push_back(std::make_unique<Receiver>(
                *runtime, bus, node, nowhere, ReceiverSettings{.on_gap = OnGap::reconcile}));
        }
        publish_all(*runtime, bus);
    }
    count_deliveries(state);
}
BENCHMARK(publish_and_reconcile)
    ->Arg(1)
    ->Arg(10)
    ->Arg(100)
    ->ArgName("nodes")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
