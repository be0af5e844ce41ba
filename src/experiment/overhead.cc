// SPDX-License-Identifier: Apache-2.0
#include "experiment/overhead.h"

#include <algorithm>
#include <array>

#include "caches/catalog.h"
#include "driver/driver.h"
#include "runtime/task_group.h"
#include "runtime/thread_runtime.h"
#include "strategies/strategy.h"
#include "wire/wired_store.h"

namespace stalemark {
namespace {

constexpr std::uint64_t operations = 50'000;
constexpr std::uint64_t keys_max = 1'000'000;

// Answers at once that there is nothing.
class EmptyStore final : public Store {
public:
    Result<Row> get(Key /*key*/) override { return Row(); }
    Result<Version> put(Key /*key*/, const Bytes& /*bytes*/) override { return Version{1}; }
    Result<Version> erase(Key /*key*/) override { return Version{1}; }
    Result<void> write(std::span<const Change> /*changes*/) override { return {}; }
};

// Asks the store and does nothing else.
class Relay final : public Strategy {
public:
    using Strategy::Strategy;
    Result<Answer> read(Key key) override {
        auto value = store.get(key);
        if (!value) return std::unexpected(value.error());
        return Answer{std::move(*value), Outcome::bypass};
    }
    Result<void> write(Key /*key*/, const std::optional<Bytes>& /*bytes*/) override {
        return {};
    }
};

// The median over five tries of the time per step that `work` takes for so many steps.
template <typename Work>
double median_ns(Runtime& runtime, std::uint64_t steps, Work work) {
    std::array<double, 5> tries{};
    for (double& ns : tries) {
        const Instant began = runtime.now();
        work();
        ns = static_cast<double>((runtime.now() - began).count()) / static_cast<double>(steps);
    }
    std::ranges::sort(tries);
    return tries[tries.size() / 2];
}

// The workload as one client would run it in a closed loop, reading only: what a write costs to
// make depends on its size and is no part of the harness.
WorkloadSpec bare(const WorkloadSpec& workload) {
    WorkloadSpec spec = workload;
    spec.keys = std::min(spec.keys, keys_max);
    spec.preload = 0;
    spec.trace.reset();
    spec.phases.resize(1);
    Phase& phase = spec.phases.front();
    phase.mix = {};
    phase.rate.reset();
    phase.duration.reset();
    phase.operations.reset();
    return spec;
}

double harness_ns(const WorkloadSpec& workload) {
    const auto runtime = make_thread_runtime();
    const auto cache = find_cache("lru").make({.capacity_bytes = 1}, *runtime);
    const WorkloadSpec spec = bare(workload);
    EmptyStore far_store;
    Wire wire(*runtime, WireSettings(), "overhead", 1);
    WiredStore store(far_store, wire, spec.keys, [](const Stored&) {});
    const Settings settings;
    Relay relay({*cache, store, *runtime, settings});
    Judges judges(spec.keys, 0, 1);
    const std::atomic<bool> stop = false;

    double ns = 0;
    TaskGroup tasks(*runtime);
    tasks.spawn("overhead", [&] {
        const DriveSettings drive_settings = {.operations = operations, .warmup = Duration{0}};
        std::array<Duration, 5> tries{};
        for (Duration& elapsed : tries) {
            elapsed = drive(*runtime, relay, judges, spec, drive_settings, {}, stop).elapsed;
        }
        std::ranges::sort(tries);
        ns = static_cast<double>(tries[tries.size() / 2].count()) /
             static_cast<double>(operations);
    });
    runtime->run();
    return ns;
}

double verify_ns(Runtime& runtime, std::size_t value_bytes) {
    constexpr std::uint64_t steps = 20'000;
    const Key key{1};
    const Bytes value = Bytes::make(value_bytes, [&](std::span<char> to) {
        std::ranges::fill(to, 'x');
        seal(key, Header{}, to);
    });
    std::uint64_t right = 0;
    return median_ns(runtime, steps, [&] {
        for (std::uint64_t i = 0; i < steps; ++i) {
            right += unseal(key, value.view()).has_value() ? 1 : 0;
            asm volatile("" : "+r"(right));  // Or the compiler checks once for all.
        }
    });
}

}  // namespace

Overhead measure_overhead(const WorkloadSpec& workload) {
    constexpr std::uint64_t readings = 10'000;
    const auto runtime = make_thread_runtime();
    Overhead overhead;
    overhead.clock_read_ns = median_ns(*runtime, readings, [&] {
        for (std::uint64_t i = 0; i < readings; ++i) {
            auto now = runtime->now();
            asm volatile("" : "+r"(now));
        }
    });
    overhead.harness_overhead_ns = harness_ns(workload);
    overhead.verify_ns =
        verify_ns(*runtime, static_cast<std::size_t>(workload.value_size.mean()));
    return overhead;
}

}  // namespace stalemark
