// SPDX-License-Identifier: Apache-2.0
// What the harness itself costs, measured on this machine beside each run.

#pragma once

#include "runtime/runtime.h"
#include "workload/spec.h"

namespace stalemark {

struct Overhead {
    double clock_read_ns = 0;  // One reading of the clock; an operation takes two.
    // One operation around a strategy that asks a store that answers nothing at once: drawn,
    // timed, counted by the store's wire, judged, recorded; on one core.
    double harness_overhead_ns = 0;
    double verify_ns = 0;  // Checking one value of average size, on top of that.
};

// Takes some 50 ms. Medians of several tries.
Overhead measure_overhead(const WorkloadSpec& workload);

}  // namespace stalemark
