// SPDX-License-Identifier: Apache-2.0
#include "runtime/processor_clock.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace stalemark {
namespace {

using Steady = std::chrono::steady_clock;

// Whether the cycle counter keeps one rate in every power state (CPUID 0x80000007, EDX bit 8).
bool has_invariant_counter() {
#if defined(__x86_64__)
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 && (edx & (1U << 8)) != 0;
#else
    return false;
#endif
}

struct Pair {
    Steady::time_point time;
    std::uint64_t tick = 0;
};

// Both clocks at one moment: of several tries the one that took least, so that no interruption
// lies between them.
template <typename Ticks>
Pair read_both(Ticks ticks) {
    Pair best;
    auto shortest = Steady::duration::max();
    for (int i = 0; i < 16; ++i) {
        const auto before = Steady::now();
        const std::uint64_t tick = ticks();
        const auto after = Steady::now();
        if (after - before < shortest) {
            shortest = after - before;
            best = {before + (after - before) / 2, tick};
        }
    }
    return best;
}

template <typename Ticks>
double find_nanoseconds_per_tick(Ticks ticks) {
    if (!has_invariant_counter()) return 0;
    const Pair first = read_both(ticks);
    while (Steady::now() < first.time + std::chrono::milliseconds(5)) {
    }
    const Pair last = read_both(ticks);
    return std::chrono::duration<double, std::nano>(last.time - first.time).count() /
           static_cast<double>(last.tick - first.tick);
}

}  // namespace

double ProcessorClock::nanoseconds_per_tick() {
    static const double found = find_nanoseconds_per_tick(ticks);
    return found;
}

Duration ProcessorClock::since_start() const { return Steady::now() - start_; }

}  // namespace stalemark
