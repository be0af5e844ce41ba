// One run, fully resolved and checked: everything that decides what it does.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caches/settings.h"
#include "driver/processors.h"
#include "experiment/fleet_settings.h"
#include "report/sections.h"
#include "stores/compression.h"
#include "strategies/catalog.h"
#include "wire/faults.h"
#include "wire/wire.h"
#include "workload/spec.h"

namespace stalemark {

struct Experiment {
    WorkloadSpec workload;
    const StrategyEntry* strategy = nullptr;
    const ShieldEntry* shield = nullptr;
    Settings settings;
    Duration longest_ttl = Duration::max();

    std::string cache;
    std::uint64_t cache_bytes = 0;
    std::string store;
    std::optional<std::string> db;
    std::uint64_t block_cache_bytes = 0;
    Compression compression = Compression::none;
    bool sync = false;
    std::optional<ProcessorSettings> processors;  // Of a run in virtual time, and only there.
    WireSettings cache_wire;
    WireSettings store_wire;
    FleetSettings fleet;
    std::vector<Fault> faults;
    std::uint32_t clients = 1;   // Operations at once, in all nodes.
    std::uint32_t sessions = 1;  // Users, in all nodes.

    bool is_virtual() const { return processors.has_value(); }

    std::uint64_t seed = 1;
    bool expect_promise = false;
    std::string command;  // That repeats it.
    Json session;         // `session` of the result; empty if it was recorded alone.
};

// What its strategy promises under its settings, over its nodes.
inline Promise promise_of(const Experiment& experiment) {
    return experiment.strategy->promise(experiment.settings,
                                        {.longest_ttl = experiment.longest_ttl,
                                         .nodes = experiment.fleet.nodes,
                                         .near_ttl_max = experiment.fleet.near_ttl_max});
}

// `configuration` of the result.
Json configuration_section(const Experiment& experiment);

}  // namespace stalemark
