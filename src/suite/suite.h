// SPDX-License-Identifier: Apache-2.0
// A grid of runs - protocols by workloads by repetitions - interleaved: each repetition goes
// through every protocol of every workload, in an order of its own, before the next one begins.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "options/options.h"

namespace stalemark {

struct SuiteRun {
    RunArguments arguments;  // Checked before the first run.
    bool is_virtual = false;
    std::uint64_t seed = 0;
    std::string data;              // Digest of the rows that it loads.
    std::string label;             // "user_profile.cache_aside": workload and protocol.
    std::uint64_t repetition = 0;  // From 1 on; in virtual time the seed goes up with it.
    std::uint64_t position = 0;    // In its repetition, from 1 on.
};

struct SuitePlan {
    std::string name;
    std::vector<SuiteRun> runs;     // In the order in which to carry them out.
    std::vector<std::string> left;  // What was left out, in a line each.
};

// Reads a suite, expands the grid and checks every run. `name_or_path`: a name of
// `stalemark list suites`, or a path; or a workload's, which then takes the place of those of
// the default suite. A name of both is the suite's. `changes`: options that win over the
// file's. `is_full`: with what the file marks as "full_only". Throws InputError of one line.
SuitePlan load_suite(const std::string& name_or_path, const OptionTexts& changes, bool is_full);

struct SuiteEntry {
    std::string name;
    std::string caption;
};

// Where suites have names.
std::filesystem::path suites_folder();

// The suites of the workloads folder, by name.
std::vector<SuiteEntry> all_suites();

// The suite that runs if none is named. A workload that is named in place of a suite meets its
// protocols, under its options; one that makes no sense for it is left out.
constexpr const char* default_suite = "service";

struct SuiteSettings {
    std::size_t jobs = 1;  // Simulated runs at once; real ones are always alone.
    bool is_quiet = false;
};

// As many as there are processors for this process.
std::size_t default_jobs();

// Carries the plan out, each run in a process of its own, the results as files in `folder`,
// which is made if need be; first the real runs, then the simulated ones. Answers the exit
// status: 0, or 130 if interrupted. Throws InputError if the folder already holds results,
// RunError if a run failed: those that were under way have ended by then.
int carry_out(const SuitePlan& plan, const std::string& folder, const SuiteSettings& settings);

}  // namespace stalemark
