#include <algorithm>

#include "core/words.h"
#include "experiment/event_sections.h"
#include "experiment/experiment.h"
#include "experiment/fault_sections.h"
#include "workload/files.h"

namespace stalemark {

namespace {

Json protocol_section(const Experiment& experiment) {
    const Settings& settings = experiment.settings;
    const StrategyEntry& strategy = *experiment.strategy;
    const ShieldEntry& shield = *experiment.shield;
    Json protocol = {{"strategy", strategy.name}, {"shield", shield.name}};
    const auto reads = [&](std::string_view knob) {
        return has_word(strategy.knobs, knob) || has_word(shield.knobs, knob);
    };
    if (reads("ttl") && experiment.longest_ttl != Duration::max()) {
        protocol["ttl_ns"] = experiment.longest_ttl.count();
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
    Json store = {{"name", experiment.store}};
    if (experiment.store == "rocksdb") {
        store["sync"] = experiment.sync;
        store["block_cache_bytes"] = experiment.block_cache_bytes;
        if (experiment.compression != Compression::none) {
            store["compression"] =
                compression_names[static_cast<std::size_t>(experiment.compression)];
        }
    }
    return store;
}

Json wires_section(const Experiment& experiment) {
    Json wires = {{"cache_latency", experiment.cache_wire.latency.text()},
                  {"store_latency", experiment.store_wire.latency.text()}};
    if (experiment.store_wire.timeout) {
        wires["store_timeout_ns"] = experiment.store_wire.timeout->count();
    }
    if (experiment.store_wire.servers) wires["store_servers"] = *experiment.store_wire.servers;
    return wires;
}

}  // namespace

Json configuration_section(const Experiment& experiment) {
    Json section = {
        {"workload", to_json(experiment.workload)},
        {"protocol", protocol_section(experiment)},
        {"cache", {{"name", experiment.cache}, {"capacity_bytes", experiment.cache_bytes}}},
        {"store", store_section(experiment)},
        {"wires", wires_section(experiment)},
        {"runtime", experiment.is_virtual() ? "virtual" : "threads"},
        {"nodes", experiment.fleet.nodes},
        {"clients", experiment.clients},
        {"sessions", experiment.sessions},
        {"seed", experiment.seed}};
    add_fleet(experiment.fleet, section);
    if (experiment.is_virtual()) {
        section["processors"] = experiment.processors->count;
        section["operation_cost_ns"] = experiment.processors->cost.count();
    }
    if (!experiment.faults.empty()) section["faults"] = fault_texts(experiment.faults);
    const auto& phases = experiment.workload.phases;
    const auto rate = phases.front().rate;
    const auto has_it = [&](const Phase& phase) { return phase.rate == rate; };
    if (rate && std::ranges::all_of(phases, has_it)) section["rate"] = *rate;
    return section;
}

}  // namespace stalemark
