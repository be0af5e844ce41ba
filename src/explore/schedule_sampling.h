// SPDX-License-Identifier: Apache-2.0
// Schedules by chance, for programs that have too many to explore all.
//
//   pos     partial-order sampling: each step that could be made has a random priority, and the
//           highest is made; those that depend on it draw anew (Yuan, Yang, Gu, CAV 2018). Of
//           classes of equal schedules it prefers none as much as `random` does.
//   random  any of the steps that could be made, with equal chances.
//   pct     tasks have random priorities, which change at two random steps (probabilistic
//           concurrency testing: Burckhardt et al., ASPLOS 2010). It finds what takes one
//           preemption at a certain step among many.
//
// A fault that is possible happens with a chance of one in the length of a schedule, at each
// step; questions about time are answered by tossing a coin.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "explore/schedule_search.h"

namespace stalemark {

enum class Sampling : std::uint8_t { pos, random, pct };
constexpr std::array<std::string_view, 3> sampling_names = {"pos", "random", "pct"};

struct SamplingSettings {
    Sampling kind = Sampling::pos;
    std::uint64_t seeds = 10'000;      // Schedules: those of the seeds 1, 2, ...
    std::uint32_t choices_most = 400;  // In a schedule; a longer one is cut off.
};

// Shows the schedule of each seed; `see` answers whether to go on.
SearchCounts sample_schedules(const ExploredSetup& setup, ScheduleRuntime& runtime,
                              const SamplingSettings& settings,
                              const std::function<bool(const FoundSchedule&)>& see);

}  // namespace stalemark
