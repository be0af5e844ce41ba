// SPDX-License-Identifier: Apache-2.0
// What the harness itself pays for an operation: choosing it, and filling its value.

#include <benchmark/benchmark.h>

#include <vector>

#include "workload/payload.h"
#include "workload/source.h"
#include "workload/zipf.h"

namespace stalemark {
namespace {

void zipf_draw(benchmark::State& state) {
    const Zipf zipf(static_cast<std::uint64_t>(state.range(0)),
                    static_cast<double>(state.range(1)) / 100);
    Random random(1);
    for (auto _ : state) benchmark::DoNotOptimize(zipf.draw(random));
}
BENCHMARK(zipf_draw)
    ->ArgNames({"keys", "theta_percent"})
    ->ArgsProduct({{1'000, 100'000, 1'000'000'000}, {0, 50, 99, 120}});

void zipf_set_up(benchmark::State& state) {
    for (auto _ : state) {
        benchmark::DoNotOptimize(Zipf(static_cast<std::uint64_t>(state.range(0)), 0.99));
    }
}
BENCHMARK(zipf_set_up)->Arg(100'000)->Arg(1'000'000'000);

// The whole of Source::next() at 95% reads of 100,000 keys.
void next_operation(benchmark::State& state, Popularity::Kind kind,
                    std::optional<double> rate) {
    WorkloadSpec spec;
    spec.phases = {{.name = "all",
                    .mix = {.read = 0.95, .write = 0.05},
                    .popularity = {.kind = kind},
                    .rate = rate}};
    const auto source = open_source(spec, {.clients = 4});
    for (auto _ : state) benchmark::DoNotOptimize(source->next());
}
BENCHMARK_CAPTURE(next_operation, uniform, Popularity::Kind::uniform, std::nullopt);
BENCHMARK_CAPTURE(next_operation, zipfian, Popularity::Kind::zipfian, std::nullopt);
BENCHMARK_CAPTURE(next_operation, scrambled, Popularity::Kind::scrambled, std::nullopt);
BENCHMARK_CAPTURE(next_operation, latest, Popularity::Kind::latest, std::nullopt);
BENCHMARK_CAPTURE(next_operation, hot_set, Popularity::Kind::hot_set, std::nullopt);
BENCHMARK_CAPTURE(next_operation, drifting_hot_set, Popularity::Kind::drifting_hot_set,
                  std::nullopt);
BENCHMARK_CAPTURE(next_operation, sequential, Popularity::Kind::sequential, std::nullopt);
BENCHMARK_CAPTURE(next_operation, zipfian_poisson, Popularity::Kind::zipfian, 50'000.0);

void payload_fill(benchmark::State& state) {
    const Payload payload(0.5, 1);
    std::vector<char> value(static_cast<std::size_t>(state.range(0)));
    std::uint64_t nonce = 0;
    for (auto _ : state) {
        payload.fill(value, nonce++);
        benchmark::DoNotOptimize(value.data());
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(payload_fill)->Arg(100)->Arg(1'000)->Arg(64 << 10);

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
