// SPDX-License-Identifier: Apache-2.0
// Schedules explored and judged per second, of the default program of `stalemark explore`.

#include <benchmark/benchmark.h>

#include <string>

#include "explore/exploration.h"

namespace stalemark {
namespace {

void explore_all(benchmark::State& state, const std::string& strategy,
                 const std::string& guard) {
    ExploredSetup setup;
    setup.system.strategy = &find_strategy(strategy);
    setup.system.shield = &no_shield();
    setup.system.cache = "lru";
    setup.system.settings.invalidate = default_invalidate(*setup.system.strategy);
    setup.system.settings.guard = &find_guard(guard);
    setup.system.fleet.has_near = false;
    setup.program = read_program("w r | w | r r");
    prepare(setup);
    std::uint64_t schedules = 0;
    for (auto _ : state) {
        const Exploration exploration = explore(setup, {.has_witnesses = false});
        benchmark::DoNotOptimize(exploration.outcomes);
        schedules += exploration.counts.schedules;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(schedules));
}
BENCHMARK_CAPTURE(explore_all, cache_aside, "cache_aside", "none");
BENCHMARK_CAPTURE(explore_all, write_through, "write_through", "none");
BENCHMARK_CAPTURE(explore_all, lease, "cache_aside", "lease");
BENCHMARK_CAPTURE(explore_all, lock_all, "write_through", "lock_all");
BENCHMARK_CAPTURE(explore_all, write_behind, "write_behind", "none");

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
