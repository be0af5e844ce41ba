// SPDX-License-Identifier: Apache-2.0
// How fast the machine was just before a run, and how much of it others took meanwhile: what a
// reader needs to tell a slow strategy from a slow moment.

#pragma once

#include <cstdint>
#include <optional>

#include "core/types.h"

namespace stalemark {

// Two fixed pieces of work, each the median of a few tries of a few milliseconds: arithmetic in
// registers, and a walk in random order through more memory than a core's own caches hold.
struct Canary {
    Duration cpu{0};
    Duration memory{0};
};
Canary run_canary();

// Processor time of the whole machine since it was started, in the kernel's ticks.
struct MachineTime {
    std::uint64_t all = 0;
    std::uint64_t stolen = 0;  // Given to other guests by the hypervisor.
};

// Nothing where the kernel does not tell (/proc/stat).
std::optional<MachineTime> machine_time();

// Share 0..1 of the time between the two that was stolen; nothing if no time has passed.
std::optional<double> stolen_between(const MachineTime& before, const MachineTime& after);

}  // namespace stalemark
