// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/words.h"
#include "report/event_sections.h"
#include "report/fault_sections.h"
#include "report/result.h"
#include "stores/catalog.h"
#include "workload/files.h"

namespace stalemark {

namespace {

Json history_json(const Experiment& experiment) {
    const HistorySettings& history = experiment.history;
    Json section = {{"keys", std::min(history.keys, experiment.workload.keys)},
                    {"check", history.is_judged}};
    if (history.file) section["file"] = *history.file;
    return section;
}

Json protocol_section(const Experiment& experiment) {
    const Settings& settings = experiment.system.settings;
    const StrategyEntry& strategy = *experiment.system.strategy;
    const ShieldEntry& shield = *experiment.system.shield;
    Json protocol = {{"strategy", strategy.name}, {"shield", shield.name}};
    const auto reads = [&](std::string_view knob) {
        return has_word(strategy.knobs, knob) || has_word(shield.knobs, knob);
    };
    if (reads("ttl") && experiment.system.longest_ttl != Duration::max()) {
        protocol["ttl_ns"] = experiment.system.longest_ttl.count();
    }
    if (reads("jitter")) protocol["jitter"] = settings.ttl_jitter;
    if (reads("negative-ttl")) protocol["negative_ttl_ns"] = settings.negative_ttl.count();
    if (reads("invalidate")) {
        protocol["invalidate"] =
            invalidate_names[static_cast<std::size_t>(settings.invalidate)];
    }
    if (reads("flush-delay")) {
        protocol["flush_delay_ns"] = settings.flush_delay.count();
        protocol["flush_batch"] = settings.flush_batch;
        protocol["queue"] = settings.queue_max;
        protocol["when_full"] = when_full_names[static_cast<std::size_t>(settings.when_full)];
        protocol["coalescing"] = settings.coalescing;
    }
    if (reads("reloads")) protocol["reloads"] = settings.shield.reloads;
    if (reads("refresh-at")) protocol["refresh_at"] = settings.refresh_at;
    if (reads("lock-timeout")) {
        protocol["lock_timeout_ns"] = settings.shield.lock_timeout.count();
    }
    if (reads("beta")) protocol["beta"] = settings.shield.beta;
    if (reads("grace")) {
        protocol["grace_ns"] = settings.shield.grace.count();
        protocol["stale_if_error_ns"] = settings.shield.stale_if_error.count();
        protocol["error_throttle_ns"] = settings.shield.error_throttle.count();
    }
    return protocol;
}

Json store_section(const Experiment& experiment) {
    Json store = {{"name", experiment.store.name}};
    const std::string_view knobs = find_store(experiment.store.name).knobs;
    if (has_word(knobs, "sync")) store["sync"] = experiment.store.sync;
    if (has_word(knobs, "block-cache"))
        store["block_cache_bytes"] = experiment.store.block_cache_bytes;
    if (has_word(knobs, "compression") && experiment.store.compression != Compression::none) {
        store["compression"] =
            compression_names[static_cast<std::size_t>(experiment.store.compression)];
    }
    return store;
}

Json wires_section(const Experiment& experiment) {
    Json wires = {{"cache_latency", experiment.system.cache_wire.latency.text()},
                  {"store_latency", experiment.system.store_wire.latency.text()}};
    if (experiment.system.store_wire.timeout) {
        wires["store_timeout_ns"] = experiment.system.store_wire.timeout->count();
    }
    if (experiment.system.store_wire.servers)
        wires["store_servers"] = *experiment.system.store_wire.servers;
    return wires;
}

}  // namespace

Json configuration_section(const Experiment& experiment) {
    Json section = {{"workload", to_json(experiment.workload)},
                    {"protocol", protocol_section(experiment)},
                    {"cache",
                     {{"name", experiment.system.cache},
                      {"capacity_bytes", experiment.system.cache_bytes}}},
                    {"store", store_section(experiment)},
                    {"wires", wires_section(experiment)},
                    {"runtime", experiment.is_virtual() ? "virtual" : "threads"},
                    {"nodes", experiment.system.fleet.nodes},
                    {"clients", experiment.clients},
                    {"sessions", experiment.sessions},
                    {"seed", experiment.system.seed}};
    if (!experiment.deployment.empty()) section["deployment"] = experiment.deployment;
    add_fleet(experiment.system.fleet, section);
    if (experiment.is_virtual()) {
        section["processors"] = experiment.processors->count;
        section["operation_cost_ns"] = experiment.processors->cost.count();
    }
    if (!experiment.verifies) section["verify"] = "off";
    if (experiment.history.is_recorded()) section["history"] = history_json(experiment);
    if (!experiment.system.faults.empty())
        section["faults"] = fault_texts(experiment.system.faults);
    const auto& phases = experiment.workload.phases;
    const auto rate = phases.front().rate;
    const auto has_it = [&](const Phase& phase) { return phase.rate == rate; };
    if (rate && std::ranges::all_of(phases, has_it)) section["rate"] = *rate;
    return section;
}

}  // namespace stalemark
