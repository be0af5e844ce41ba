// SPDX-License-Identifier: Apache-2.0
// The clock behind every latency: the processor's cycle counter where it runs at a constant
// rate, else the operating system's monotonic clock.
//
// A cached read takes less time than two readings of clock_gettime, hence the counter.

#pragma once

#include "core/types.h"

namespace stalemark {

class ProcessorClock {
public:
    // Since construction.
    Duration now() const {
        if (nanoseconds_per_tick_ == 0) return since_start();
        return Duration(static_cast<Duration::rep>(static_cast<double>(ticks() - first_tick_) *
                                                   nanoseconds_per_tick_));
    }

private:
    static std::uint64_t ticks();

    // Found once a process, against the monotonic clock, which takes some five milliseconds and
    // leaves a relative error of about 1e-5 in every duration. 0: the counter is of no use
    // here.
    static double nanoseconds_per_tick();

    Duration since_start() const;

    double nanoseconds_per_tick_ = nanoseconds_per_tick();
    std::uint64_t first_tick_ = ticks();
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

#if defined(__x86_64__)
inline std::uint64_t ProcessorClock::ticks() { return __builtin_ia32_rdtsc(); }
#else
inline std::uint64_t ProcessorClock::ticks() { return 0; }
#endif

}  // namespace stalemark
