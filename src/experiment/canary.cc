// SPDX-License-Identifier: Apache-2.0
#include "experiment/canary.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "runtime/processor_clock.h"

namespace stalemark {
namespace {

constexpr int cpu_steps = 1'000'000;
constexpr int memory_steps = 50'000;
constexpr std::uint32_t places = 1U << 21;  // Of four bytes: 8 MiB.

// Keeps a number that nobody reads, or the compiler drops the work that made it.
template <typename Number>
void keep(Number number) {
    asm volatile("" : "+r"(number));
}

template <typename Work>
Duration median_of(const ProcessorClock& clock, Work work) {
    std::array<Duration, 3> tries{};
    for (Duration& took : tries) {
        const Duration began = clock.now();
        keep(work());
        took = clock.now() - began;
    }
    std::ranges::sort(tries);
    return tries[tries.size() / 2];
}

std::uint64_t reckon() {
    std::uint64_t number = 1;
    for (int step = 0; step < cpu_steps; ++step) number = mix(number);
    return number;
}

// One cycle through all places (Sattolo 1986), so that every step depends on the one before.
std::vector<std::uint32_t> make_walk() {
    std::vector<std::uint32_t> next(places);
    std::iota(next.begin(), next.end(), 0U);
    Random random(1);
    for (std::uint32_t last = places - 1; last > 0; --last) {
        std::swap(next[last], next[random.below(last)]);
    }
    return next;
}

}  // namespace

Canary run_canary() {
    const ProcessorClock clock;
    const std::vector<std::uint32_t> next = make_walk();
    std::uint32_t at = 0;
    return {.cpu = median_of(clock, reckon), .memory = median_of(clock, [&] {
                                                 for (int step = 0; step < memory_steps; ++step)
                                                     at = next[at];
                                                 return at;
                                             })};
}

std::optional<MachineTime> machine_time() {
    // "cpu user nice system idle iowait irq softirq steal guest guest_nice"; guests are in
    // user.
    std::ifstream file("/proc/stat");
    std::string name;
    std::array<std::uint64_t, 8> ticks{};
    file >> name;
    for (std::uint64_t& each : ticks) file >> each;
    if (!file || name != "cpu") return std::nullopt;
    return MachineTime{.all = std::accumulate(ticks.begin(), ticks.end(), std::uint64_t{0}),
                       .stolen = ticks.back()};
}

std::optional<double> stolen_between(const MachineTime& before, const MachineTime& after) {
    if (after.all <= before.all || after.stolen < before.stolen) return std::nullopt;
    return static_cast<double>(after.stolen - before.stolen) /
           static_cast<double>(after.all - before.all);
}

}  // namespace stalemark
