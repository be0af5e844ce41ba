// SPDX-License-Identifier: Apache-2.0
// The options of one run, as typed values: what each of them says by itself. What they come to
// together is for resolve().

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/errors.h"
#include "experiment/experiment.h"
#include "workload/spec.h"

namespace stalemark {

struct GivenOption {
    std::string text;
    std::string place;  // Of the file that lends it; empty: it was typed, or a suite has it.
};

// The error, with the place of the file that lends the option put before it.
InputError at_place_of(const GivenOption& option, const InputError& error);

using GivenOptions = std::map<std::string, GivenOption, std::less<>>;  // By name.

// It was typed, and the run's strategy and shield do not read it.
struct UnreadOption {
    std::string option;
    std::string text;
};

struct RunOptions {
    GivenOptions given;  // Those that the run reads. Their texts are for a suite to repeat.

    std::vector<UnreadOption> unread;  // They were passed over, and change nothing.

    // As its file has it, changed by --set and the options that are a field of it...
    WorkloadSpec workload;
    // ...but not yet by these.
    std::optional<double> reads;
    std::optional<double> key_skew;
    std::optional<double> rate;
    std::optional<Arrival> arrival;

    bool is_virtual = false;
    ProcessorSettings processors;  // If it is.

    std::string deployment;  // Its name or path; empty: none.
    SystemSettings system;   // As far as no workload is needed for it.
    StoreChoice store;
    std::optional<Invalidate> invalidate;   // Nothing: as the strategy does by default.
    std::optional<Duration> double_delete;  // Nothing: there is none.
    std::optional<Duration> delete_delay;   // Likewise.
    std::optional<CacheSize> shared_cache;  // Nothing: none.
    std::optional<CacheSize> near_cache;    // Nothing: as large as the workload's cache.
    EventSettings events;                   // If it invalidates by events.

    bool verifies = true;
    HistorySettings history;
    bool expect_promise = false;
    std::uint64_t repeat = 1;
    std::optional<std::string> out;
    bool is_quiet = false;

    bool has(std::string_view option) const { return given.contains(option); }
};

// Of a run for which nothing is given. What has no value here has it in its settings' struct.
RunOptions default_options();

// Puts what is the default in virtual time into the place of the other defaults.
void put_into_virtual_time(RunOptions& options);

}  // namespace stalemark
