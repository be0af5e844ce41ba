// SPDX-License-Identifier: Apache-2.0
// What a strategy itself costs: hit, miss and write of each, over tiers in memory.

#include <benchmark/benchmark.h>

#include <string>

#include "caches/catalog.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "stores/memory_store.h"
#include "strategies/catalog.h"

namespace stalemark {
namespace {

constexpr std::uint64_t keys = 1'000;
const std::string value(100, 'v');

// One strategy over a cache of so many bytes and a store that holds every key; `step` is
// measured, as a task of the runtime.
template <typename Step>
void measure(benchmark::State& state, const StrategyEntry& entry, std::uint64_t cache_bytes,
             Step step) {
    const auto runtime = make_thread_runtime();
    const auto cache = find_cache("lru").make({.capacity_bytes = cache_bytes}, *runtime);
    const auto store = make_memory_store();
    for (std::uint64_t key = 0; key < keys; ++key) store->put(Key{key}, Bytes(value));
    Settings settings;
    settings.ttl_of = [](Key) { return std::chrono::hours(1); };
    settings.invalidate =
        entry.invalidate.starts_with("set") ? Invalidate::set : Invalidate::erase;
    const auto strategy = entry.make({*cache, *store, *runtime, settings});

    TaskGroup tasks(*runtime);
    tasks.spawn("bench", [&] {
        for (std::uint64_t key = 0; key < keys; ++key)
            benchmark::DoNotOptimize(strategy->read(Key{key}));
        std::uint64_t next = 0;
        for (auto _ : state) step(*strategy, Key{next++ % keys});
        strategy->drain();
    });
    runtime->run();
}

void hit(benchmark::State& state, const StrategyEntry& entry) {
    measure(state, entry, 0,
            [](Strategy& strategy, Key key) { benchmark::DoNotOptimize(strategy.read(key)); });
}

// The cache has room for one or two entries, so that each of the keys in turn is missing.
void miss(benchmark::State& state, const StrategyEntry& entry) {
    measure(state, entry, 500,
            [](Strategy& strategy, Key key) { benchmark::DoNotOptimize(strategy.read(key)); });
}

void write(benchmark::State& state, const StrategyEntry& entry) {
    const Bytes bytes(value);
    measure(state, entry, 0, [&](Strategy& strategy, Key key) {
        benchmark::DoNotOptimize(strategy.write(key, bytes));
    });
}

void register_all() {
    for (const StrategyEntry& entry : all_strategies()) {
        const std::string name(entry.name);
        benchmark::RegisterBenchmark(("hit/" + name).c_str(), hit, entry)->UseRealTime();
        benchmark::RegisterBenchmark(("miss/" + name).c_str(), miss, entry)->UseRealTime();
        benchmark::RegisterBenchmark(("write/" + name).c_str(), write, entry)->UseRealTime();
    }
}

}  // namespace
}  // namespace stalemark

int main(int argc, char** argv) {
    stalemark::register_all();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
}
