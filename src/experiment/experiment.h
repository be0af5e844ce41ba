// SPDX-License-Identifier: Apache-2.0
// One run, fully resolved and checked: everything that decides what it does.

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "assembly/system_settings.h"
#include "driver/processors.h"
#include "stores/compression.h"
#include "workload/spec.h"

namespace stalemark {

// The store at the far end, and how it is opened.
struct StoreChoice {
    std::string name;
    std::optional<std::string> db;  // Where its data stays; nothing: in a temporary folder.
    std::uint64_t block_cache_bytes = 0;
    Compression compression = Compression::none;
    bool sync = false;
};

// What runs that were recorded together have in common: those of a suite, or the repetitions of
// one run.
struct Session {
    std::string id;
    std::uint64_t repetition = 1;
    std::uint64_t position = 1;  // In the repetition.
};

// Which operations are recorded, and what for.
constexpr std::uint64_t all_keys = std::numeric_limits<std::uint64_t>::max();
struct HistorySettings {
    std::optional<std::string> file;  // They are written to.
    bool is_judged = false;           // While the run lasts.
    std::uint64_t keys = 1'000;       // So many keys, or all.

    bool is_recorded() const { return file || is_judged; }
};

struct Experiment {
    WorkloadSpec workload;
    SystemSettings system;
    StoreChoice store;
    std::string deployment;                       // Its name or path; empty: none.
    std::optional<ProcessorSettings> processors;  // Of a run in virtual time, and only there.
    std::uint32_t clients = 1;                    // Operations at once, in all nodes.
    std::uint32_t sessions = 1;                   // Users, in all nodes.

    bool is_virtual() const { return processors.has_value(); }

    bool verifies = true;  // Every value by its checksum.
    HistorySettings history;
    bool expect_promise = false;
    std::string command;             // That repeats it.
    std::optional<Session> session;  // Nothing: it is recorded alone.
};

}  // namespace stalemark
