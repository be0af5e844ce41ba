// SPDX-License-Identifier: Apache-2.0
// What the account of a wired store adds to a call: the store alone and at the end of a wire of
// no length, in turns, by one client and by two at once.
//
// A turn is a few dozen calls, which all clients begin together. The figures are medians over
// the turns of `bare`, `wired` and of the difference within a pair of turns, `added`, in ns a
// call: another program that takes the processor for a while moves none of them.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/header.h"
#include "core/random.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "stores/memory_store.h"
#include "wire/wired_store.h"

namespace stalemark {
namespace {

constexpr std::uint64_t all_keys = 1 << 17;
constexpr std::uint64_t hot_keys = 64;
constexpr std::size_t choices = 1 << 16;
constexpr std::size_t calls = 64;  // Of a turn.

Bytes sealed_value() {
    return Bytes::make(100, [](std::span<char> to) {
        std::ranges::fill(to, 'v');
        seal(Key{0}, Header{}, to);
    });
}

struct Tiers {
    std::unique_ptr<Runtime> runtime = make_thread_runtime();
    std::unique_ptr<Store> bare = make_memory_store();
    Wire wire{*runtime, WireSettings(), "wire", 1};
    WiredStore wired{*bare, wire, all_keys,
                     [](const Stored& stored) { benchmark::DoNotOptimize(&stored); }};

    Tiers() {
        TaskGroup tasks(*runtime);
        tasks.spawn("makes the process one of several threads", [] {});
        runtime->run();
        for (std::uint64_t key = 0; key < all_keys; ++key) {
            (void)bare->put(Key{key}, sealed_value());
        }
    }
};

Tiers& tiers() {
    static Tiers made;
    return made;
}

std::atomic<std::uint64_t> arrived = 0;

// Returns when so many threads have come here as often as the caller.
void meet(std::uint64_t threads) {
    const std::uint64_t number = ++arrived;
    const std::uint64_t last = (number + threads - 1) / threads * threads;
    while (arrived < last) {
    }
}

double median(std::vector<double>& numbers) {
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::ranges::nth_element(numbers, middle);
    return *middle;
}

template <typename Turn>
void take_turns(benchmark::State& state, std::uint64_t keys, Turn turn) {
    Tiers& used = tiers();
    Random random(static_cast<std::uint64_t>(state.thread_index()));
    std::vector<Key> drawn;
    for (std::size_t i = 0; i < choices; ++i) drawn.push_back(Key{random.below(keys)});
    std::vector<double> bare, wired, added;
    std::size_t at = 0;
    const auto threads = static_cast<std::uint64_t>(state.threads());
    const auto time = [&](Store& store) {
        const std::span<const Key> next(&drawn[at], calls);
        at = (at + calls) % choices;
        return turn(store, next, [&] {
            meet(threads);
            return used.runtime->now();
        });
    };
    for (auto _ : state) {
        bare.push_back(time(*used.bare));
        wired.push_back(time(used.wired));
        added.push_back(wired.back() - bare.back());
    }
    const auto share = benchmark::Counter::kAvgThreads;
    state.counters["bare"] = benchmark::Counter(median(bare), share);
    state.counters["wired"] = benchmark::Counter(median(wired), share);
    state.counters["added"] = benchmark::Counter(median(added), share);
}

double ns_per_call(Duration elapsed) {
    return static_cast<double>(elapsed.count()) / static_cast<double>(calls);
}

void get(benchmark::State& state) {
    take_turns(state, static_cast<std::uint64_t>(state.range(0)),
               [](Store& store, std::span<const Key> keys, auto begin) {
                   const Instant began = begin();
                   std::uint64_t zero = 0;
                   for (const Key key : keys) {
                       const auto answer = store.get(Key{index_of(key) + zero});
                       zero = answer->bytes->view()[99] == 'v' ? 0 : 1;
                   }
                   return ns_per_call(tiers().runtime->now() - began);
               });
}

// As clients do it: what was stored is told after the clock was read.
void put(benchmark::State& state) {
    std::vector<Bytes>
        values;  // One each, as clients make them: no two share a reference count.
    for (std::size_t i = 0; i < calls; ++i) values.push_back(sealed_value());
    take_turns(state, static_cast<std::uint64_t>(state.range(0)),
               [&](Store& store, std::span<const Key> keys, auto begin) {
                   tiers().wired.hold();
                   const Instant began = begin();
                   std::uint64_t zero = 0;
                   for (std::size_t i = 0; i < keys.size(); ++i) {
                       zero = *store.put(Key{index_of(keys[i]) + zero}, values[i]) >> 63;
                   }
                   const Duration elapsed = tiers().runtime->now() - began;
                   tiers().wired.tell();
                   return ns_per_call(elapsed);
               });
}

BENCHMARK(get)->Arg(all_keys)->Arg(hot_keys)->ArgName("keys")->ThreadRange(1, 2);
BENCHMARK(put)->Arg(all_keys)->Arg(hot_keys)->ArgName("keys")->ThreadRange(1, 2);

}  // namespace
}  // namespace stalemark

BENCHMARK_MAIN();
