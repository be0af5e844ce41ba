// SPDX-License-Identifier: Apache-2.0
// What measuring costs: the parts of the harness one by one, and all of them together around a
// strategy that does nothing and around a cache hit.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <mutex>

#include "caches/catalog.h"
#include "driver/driver.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "stores/memory_store.h"
#include "strategies/cache_aside.h"

namespace stalemark {
namespace {

constexpr std::uint64_t many_keys = 100'000;
constexpr std::uint64_t operations = 1'000'000;  // Of one drive.

void clock_reading(benchmark::State& state) {
    const auto runtime = make_thread_runtime();
    for (auto _ : state) benchmark::DoNotOptimize(runtime->now());
}
BENCHMARK(clock_reading);

// What a named step costs a run that nobody explores: a call of a tier has one or two.
void step_that_nobody_watches(benchmark::State& state) {
    const auto runtime = make_thread_runtime();
    std::uint64_t number = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(++number);
        runtime->point({"store", "get", Key{number}});
        benchmark::ClobberMemory();
    }
}
BENCHMARK(step_that_nobody_watches);

void operation_draw(benchmark::State& state) {
    WorkloadSpec spec{.keys = many_keys};
    spec.phases.push_back({});
    const auto source = open_source(spec, {});
    for (auto _ : state) benchmark::DoNotOptimize(source->next());
}
BENCHMARK(operation_draw);

void histogram_add(benchmark::State& state) {
    Histogram histogram;
    Random random(1);
    for (auto _ : state) histogram.add(Duration(random.next() >> 50));
}
BENCHMARK(histogram_add);

void oracle_read(benchmark::State& state) {
    Judges judges(many_keys, many_keys, 1);
    Witness witness(judges, 0);
    Random random(1);
    std::string value(static_cast<std::size_t>(state.range(0)), 'v');
    std::vector<Bytes> values;
    for (std::uint64_t key = 0; key < 1'024; ++key) {
        seal(Key{key}, Header{}, value);
        values.emplace_back(value);
    }
    for (auto _ : state) {
        const std::uint64_t number = random.next() % values.size();
        const auto entitlement = witness.before_read(Key{number});
        witness.after_read(Key{number}, entitlement, Instant{0}, values[number].view());
    }
}
BENCHMARK(oracle_read)->Arg(16)->Arg(100)->Arg(1'000);

void oracle_write(benchmark::State& state) {
    Judges judges(many_keys, many_keys, 1);
    Witness witness(judges, 0);
    Random random(1);
    for (auto _ : state) {
        const Key key{random.below(many_keys)};
        const Header header = witness.before_write(key, false);
        judges.exposure.note_stored(key, header, Instant{0});
        witness.after_write(key, header, false, Instant{0});
    }
}
BENCHMARK(oracle_write)->Iterations(3'000'000);

// What a write costs in its key's log, of so many keys, 100 ns after the last.
void acknowledgement_add(benchmark::State& state) {
    const auto keys = static_cast<std::uint64_t>(state.range(0));
    Acknowledgements log(keys);
    Random random(1);
    std::uint32_t stamp = 2;
    Instant now{0};
    for (auto _ : state) log.add(Key{random.below(keys)}, stamp++, now += Duration(100));
}
BENCHMARK(acknowledgement_add)->Arg(1)->Arg(1'000)->Arg(many_keys)->Iterations(3'000'000);

// What a stale read costs on top of a fresh one: its age.
void acknowledgement_age(benchmark::State& state) {
    const auto keys = static_cast<std::uint64_t>(state.range(0));
    Acknowledgements log(keys);
    Random random(1);
    Instant now{0};
    std::uint32_t stamp = 2;
    for (; stamp < 1'000'000; ++stamp)
        log.add(Key{random.below(keys)}, stamp, now += Duration(100));
    for (auto _ : state) {
        const auto seen = static_cast<std::uint32_t>(random.below(stamp - 1));
        benchmark::DoNotOptimize(log.staleness_of(Key{random.below(keys)}, seen, stamp, now));
    }
}
BENCHMARK(acknowledgement_age)->Arg(1)->Arg(1'000)->Arg(many_keys);

// A mutex that nobody else wants, locked and unlocked: the least that either can cost.
void mutex_of_its_own(benchmark::State& state) {
    std::mutex mutex;
    for (auto _ : state) {
        mutex.lock();
        benchmark::ClobberMemory();
        mutex.unlock();
    }
}
BENCHMARK(mutex_of_its_own);

// Answers at once that there is nothing.
class Nothing final : public Strategy {
public:
    using Strategy::Strategy;
    Result<Answer> read(Key /*key*/) override { return Answer{Row(), Outcome::bypass}; }
    Result<void> write(Key /*key*/, const std::optional<Bytes>& /*bytes*/) override {
        return {};
    }
};

// Drives zipfian reads of 100-byte values through `S`, every key cached; the time is the
// driver's own, per operation of one client.
template <typename S>
void drive_reads(benchmark::State& state) {
    const auto clients = static_cast<std::uint32_t>(state.range(0));
    const auto keys = static_cast<std::uint64_t>(state.range(1));
    const auto runtime = make_thread_runtime();
    const auto cache = find_cache("lru").make({.capacity_bytes = 0}, *runtime);
    const auto store = make_memory_store();
    for (std::uint64_t key = 0; key < keys; ++key) {
        std::string value(100, 'v');
        seal(Key{key}, Header{}, value);
        store->put(Key{key}, Bytes(value));
    }
    const Settings settings;
    S strategy({*cache, *store, *runtime, settings});
    for (std::uint64_t key = 0; key < keys; ++key)
        benchmark::DoNotOptimize(strategy.read(Key{key}));
    WorkloadSpec spec{.keys = keys};
    spec.phases.push_back({});
    const bool answers = strategy.read(Key{0})->row.bytes.has_value();
    Judges judges(keys, answers ? keys : 0, clients);
    const std::atomic<bool> stop = false;
    for (auto _ : state) {
        TaskGroup tasks(*runtime);
        tasks.spawn("drive", [&] {
            const DriveSettings drive_settings = {
                .clients = clients, .operations = operations * clients, .warmup = Duration{0}};
            const DriveResult result =
                drive(*runtime, strategy, judges, spec, drive_settings, {}, stop);
            state.SetIterationTime(std::chrono::duration<double>(result.elapsed).count());
        });
        runtime->run();
    }
    const auto sent = static_cast<double>(state.iterations()) * static_cast<double>(operations);
    state.counters["ns_per_operation"] = benchmark::Counter(
        sent / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
    state.counters["operations_per_second"] =
        benchmark::Counter(sent * clients, benchmark::Counter::kIsRate);
}
BENCHMARK(drive_reads<Nothing>)
    ->ArgsProduct({{1}, {1'000, 10'000, 100'000}})
    ->ArgNames({"clients", "keys"})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(drive_reads<CacheAside>)
    ->ArgsProduct({{1, 2}, {1'000, 10'000, 100'000}})
    ->ArgNames({"clients", "keys"})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
