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

// What is not usual of the way in which a change reaches store and cache.
void add_order(const Settings& settings, Json& protocol) {
    if (settings.order != Order::store_first)
        protocol["order"] = order_names[static_cast<std::size_t>(settings.order)];
    if (!settings.late_delete) return;
    protocol[settings.late_delete_alone ? "delete_delay_ns" : "double_delete_ns"] =
        settings.late_delete->count();
    protocol["delete_ack"] = settings.acknowledges_late ? "after" : "before";
}

// The guard, if there is one. `reads`: whether the protocol reads an option.
template <typename Reads>
void add_guard(const Settings& settings, Reads reads, Json& protocol) {
    const GuardSettings& guarding = settings.guarding;
    if (settings.guard != &no_guard()) protocol["guard"] = settings.guard->name;
    if (reads("remember")) {
        protocol["remember"] = guarding.remembered_keys;
        protocol["remember_for_ns"] = guarding.remembered_for.count();
    }
    if (reads("lease-ttl")) {
        protocol["lease_ttl_ns"] = guarding.lease_ttl.count();
        protocol["lease_losers"] =
            lease_losers_names[static_cast<std::size_t>(guarding.lease_losers)];
        protocol["lease_refused"] =
            lease_refused_names[static_cast<std::size_t>(guarding.lease_refused)];
    }
    if (reads("quarantine-ttl")) {
        protocol["quarantine_ttl_ns"] = guarding.quarantine_ttl.count();
        protocol["quarantine_reads"] =
            quarantine_reads_names[static_cast<std::size_t>(guarding.quarantine_reads)];
    }
    if (reads("lock-ttl")) {
        protocol["lock_ttl_ns"] = guarding.lock_ttl.count();
        protocol["fencing"] = guarding.fencing;
    }
    if (reads("tombstone-ttl") && (guarding.fencing || !reads("fencing")))
        protocol["tombstone_ttl_ns"] = guarding.tombstone_ttl.count();
}

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
    const GuardEntry& guard = *settings.guard;
    Json protocol = {{"strategy", strategy.name}, {"shield", shield.name}};
    const auto reads = [&](std::string_view knob) {
        return has_word(strategy.knobs, knob) || has_word(shield.knobs, knob) ||
               has_word(guard.knobs, knob);
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
        if (!settings.looks_into_queue) protocol["queue_lookup"] = false;
        if (settings.flushers != 1) protocol["flushers"] = settings.flushers;
    }
    if (reads("reloads")) protocol["reloads"] = settings.shield.reloads;
    if (reads("refresh-at")) protocol["refresh_at"] = settings.refresh_at;
    if (reads("lock-timeout")) {
        protocol["lock_timeout_ns"] = settings.shield.lock_timeout.count();
    }
    if (reads("flights") && settings.shield.joins_overtaken) protocol["flights"] = "join";
    if (reads("beta")) protocol["beta"] = settings.shield.beta;
    if (reads("grace")) {
        protocol["grace_ns"] = settings.shield.grace.count();
        protocol["stale_if_error_ns"] = settings.shield.stale_if_error.count();
        protocol["error_throttle_ns"] = settings.shield.error_throttle.count();
    }
    add_order(settings, protocol);
    add_guard(settings, reads, protocol);
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
