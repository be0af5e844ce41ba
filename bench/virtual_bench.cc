// SPDX-License-Identifier: Apache-2.0
// How fast simulated time passes: whole runs by number of clients, and the runtime's events
// alone.

#include <benchmark/benchmark.h>

#include "caches/catalog.h"
#include "core/units.h"
#include "driver/driver.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "stores/memory_store.h"
#include "strategies/cache_aside.h"
#include "wire/wired_cache.h"
#include "wire/wired_store.h"

namespace stalemark {
namespace {

constexpr std::uint64_t keys = 1'000;
constexpr std::uint64_t operations = 3'000'000;  // Of one run.

// Round trips as `--cache-latency` and `--store-latency` have them where nothing is said.
Distribution latency(std::string_view text) {
    return Distribution::parse(
        text,
        [](std::string_view part) {
            return static_cast<std::uint64_t>(parse_duration(part).count());
        },
        [](std::uint64_t ns) { return std::to_string(ns); });
}

// Zipfian reads of 100-byte values in virtual time through cache_aside, nearly all of them
// hits; from the making of the clients to the end of the last.
void simulated_reads(benchmark::State& state) {
    const auto clients = static_cast<std::uint32_t>(state.range(0));
    std::uint64_t events = 0;
    for (auto _ : state) {
        const auto runtime = make_virtual_runtime({.seed = 1});
        TaskGroup group(*runtime);
        const auto cache = find_cache("lru").make({.capacity_bytes = 0}, *runtime);
        const auto store = make_memory_store();
        for (std::uint64_t key = 0; key < keys; ++key) {
            std::string value(100, 'v');
            seal(Key{key}, Header{}, value);
            store->put(Key{key}, Bytes(value));
        }
        Wire cache_wire(*runtime, {.latency = latency("uniform(100ns,300ns)")}, "cache wire",
                        1);
        Wire store_wire(*runtime, {.latency = latency("lognormal(1ms,0.5)"), .servers = 64},
                        "store wire", 1);
        WiredCache wired_cache(*cache, cache_wire);
        WiredStore wired_store(*store, store_wire, keys, [](const Stored&) {});
        const Settings settings;
        CacheAside strategy({wired_cache, wired_store, *runtime, settings});
        WorkloadSpec spec{.keys = keys};
        spec.phases.push_back({});
        Judges judges(keys, keys, clients);
        const std::atomic<bool> stop = false;
        group.spawn("drive", [&] {
            drive(*runtime, strategy, judges, spec,
                  {.clients = clients,
                   .operations = operations,
                   .warmup = Duration{0},
                   .processors = ProcessorSettings{},
                   .is_virtual = true},
                  {}, stop);
        });
        runtime->run();
        events += runtime->facts().events;
    }
    const auto runs = static_cast<double>(state.iterations());
    state.counters["operations_per_second"] =
        benchmark::Counter(runs * static_cast<double>(operations), benchmark::Counter::kIsRate);
    state.counters["events_per_second"] =
        benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
}
BENCHMARK(simulated_reads)
    ->Arg(1)
    ->Arg(1'000)
    ->Arg(100'000)
    ->ArgName("clients")
    ->Unit(benchmark::kMillisecond);

// Tasks that do nothing but sleep, each for random times.
void sleepers(benchmark::State& state) {
    constexpr std::uint64_t events = 1'000'000;
    const auto tasks = static_cast<std::uint64_t>(state.range(0));
    for (auto _ : state) {
        const auto runtime = make_virtual_runtime({.seed = 1});
        TaskGroup group(*runtime);
        for (std::uint64_t task = 0; task < tasks; ++task) {
            group.spawn("sleeper", [&, task] {
                Random random(task);
                for (std::uint64_t i = 0; i < events / tasks; ++i) {
                    runtime->sleep_for(Duration(random.below(1'000'000)));
                }
            });
        }
        runtime->run();
    }
    state.counters["events_per_second"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * events, benchmark::Counter::kIsRate);
}
BENCHMARK(sleepers)->Arg(1)->Arg(1'000)->Arg(100'000)->ArgName("tasks")->Unit(
    benchmark::kMillisecond);

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
