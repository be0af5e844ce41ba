// SPDX-License-Identifier: Apache-2.0
// What an uncontended lock and unlock cost: of a std::mutex, and of the mutex of a key.

#include <benchmark/benchmark.h>

#include <mutex>

#include "runtime/key_mutexes.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"

namespace stalemark {
namespace {

// In a task of its own: in a process of one thread the C library locks without atomic
// instructions.
template <typename Step>
void measure(benchmark::State& state, Runtime& runtime, Step step) {
    const auto keys = static_cast<std::uint64_t>(state.range(0));
    TaskGroup tasks(runtime);
    tasks.spawn("bench", [&] {
        std::uint64_t next = 0;
        for (auto _ : state) {
            step(Key{next});
            if (++next == keys) next = 0;
        }
    });
    runtime.run();
}

void std_mutex(benchmark::State& state) {
    const auto runtime = make_thread_runtime();
    std::mutex mutex;
    measure(state, *runtime, [&](Key key) {
        const std::lock_guard lock(mutex);
        benchmark::DoNotOptimize(key);
    });
}
BENCHMARK(std_mutex)->Arg(8)->Arg(100'000)->ArgName("keys");

void key_mutex(benchmark::State& state) {
    const auto runtime = make_thread_runtime();
    KeyMutexes mutexes(*runtime);
    measure(state, *runtime, [&](Key key) {
        const KeyMutexes::Lock lock(mutexes, key);
        benchmark::DoNotOptimize(key);
    });
}
BENCHMARK(key_mutex)->Arg(8)->Arg(100'000)->ArgName("keys");

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
