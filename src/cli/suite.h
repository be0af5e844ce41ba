// A grid of runs - protocols by workloads by repetitions - interleaved: each repetition goes
// through every protocol of every workload, in an order of its own, before the next one begins.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/experiment.h"

namespace stalemark {

struct SuiteRun {
    RunOptions options;
    Experiment experiment;         // What the options come to: checked before the first run.
    std::string label;             // "user_profile.cache_aside": workload and protocol.
    std::uint64_t repetition = 0;  // From 1 on.
    std::uint64_t position = 0;    // In its repetition, from 1 on.
};

struct SuitePlan {
    std::string name;
    std::vector<SuiteRun> runs;  // In the order in which to carry them out.
};

// Reads a suite file, expands the grid and checks every run. `changes`: options that win over
// the file's. Throws InputError of one line.
SuitePlan load_suite(const std::string& path, const RunOptions& changes);

// Path of the suite that runs if none is named.
std::string default_suite();

// Carries the plan out, each run in a process of its own, the results as files in `folder`,
// which is made if need be. Answers the exit status: 0, or 130 if interrupted. Throws
// InputError if the folder already holds results, RunError if a run failed.
int carry_out(const SuitePlan& plan, const std::string& folder, bool is_quiet);

}  // namespace stalemark
