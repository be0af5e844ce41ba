// SPDX-License-Identifier: Apache-2.0
#include "options/resolve.h"

#include <fmt/format.h>

#include "core/errors.h"
#include "core/units.h"
#include "options/cache_bytes.h"
#include "options/client_count.h"
#include "options/fault_options.h"
#include "options/fleet_options.h"
#include "options/protocol_options.h"
#include "options/workload_options.h"
#include "options/wrong_option.h"
#include "stores/catalog.h"

namespace stalemark {
namespace {

// Two of the shields guard the end of a TTL.
void check_shield(const SystemSettings& system) {
    const ShieldEntry& shield = *system.shield;
    if (shield.traits.needs_expiry && system.longest_ttl == Duration::max()) {
        throw wrong_option("shield", shield.name,
                           "without a TTL no entry ever expires; give a --ttl");
    }
}

// A near copy whose TTL is not the entry's own.
void check_layers(const SystemSettings& system) {
    const FleetSettings& fleet = system.fleet;
    if (!fleet.shared_bytes) return;
    if (fleet.restarts_ttl && system.longest_ttl == Duration::max()) {
        throw wrong_option("layer-ttl", "restart",
                           "without a TTL there is none to restart; give a --ttl");
    }
    if (fleet.near_ttl_max == Duration::max()) return;
    if (fleet.near_ttl_max >= system.longest_ttl) {
        throw wrong_option("near-ttl", format_duration(fleet.near_ttl_max),
                           fmt::format("no entry lives as long; expected less than the TTL, {}",
                                       format_duration(system.longest_ttl)));
    }
    // They would reload from the store what only the near copy has come to the end of.
    const bool shield_reloads = system.shield->traits.reloads_early;
    if (shield_reloads || system.strategy->traits.reloads_early) {
        throw wrong_option(
            "near-ttl",
            fmt::format("{} reloads by an entry's expiry, which a near copy would no longer "
                        "have; give --layer-ttl carry alone",
                        shield_reloads ? fmt::format("shield {}", system.shield->name)
                                       : std::string(system.strategy->name)));
    }
}

void check_sense(const Experiment& experiment) {
    const SystemSettings& system = experiment.system;
    if (follows_log(system) && !find_store(experiment.store.name).traits.has_log) {
        throw wrong_option("event-source", "log",
                           fmt::format("{} keeps no log", experiment.store.name));
    }
    if (system.strategy->traits.reloads_early && system.longest_ttl == Duration::max()) {
        throw InputError(
            fmt::format("{}: without a TTL no entry is ever due for a refresh; give a --ttl",
                        system.strategy->name),
            "strategy");
    }
    check_shield(system);
    check_layers(system);
    if (!system.strategy->traits.has_cache) return;
    try {
        check_holds_entries(system.cache_bytes, experiment.workload);
    } catch (const InputError& error) {
        throw wrong_option("cache-size", experiment.workload.cache_size.text(), error.what());
    }
}

Experiment experiment_of(const RunOptions& options) {
    Experiment experiment{.workload = changed_workload(options),
                          .system = options.system,
                          .store = options.store,
                          .deployment = options.deployment,
                          .processors = {},
                          .verifies = options.verifies,
                          .history = options.history,
                          .expect_promise = options.expect_promise};
    if (options.is_virtual) experiment.processors = options.processors;
    const WorkloadSpec& workload = experiment.workload;
    SystemSettings& system = experiment.system;
    system.keys = workload.keys;
    system.value_bytes = static_cast<std::uint64_t>(workload.value_size.mean());
    system.longest_ttl = longest_ttl_of(workload);
    system.settings = protocol_settings(options, workload);
    if (options.near_cache && !options.shared_cache) {
        throw wrong_option("near-cache", options.near_cache->text(),
                           "there is no shared cache behind it; give a --shared-cache, or the "
                           "size of the only caches by --cache-size");
    }
    system.cache_bytes = bytes_of(options.near_cache.value_or(workload.cache_size), workload);
    system.fleet =
        fleet_settings(options, workload, system.settings.invalidate == Invalidate::event);
    check_faults(experiment);
    if (system.fleet.events) disturb(system.fleet.events->bus, system.faults);
    if (options.has("event-hold-back") && system.fleet.events->bus.reordering == 0) {
        throw wrong_option("event-hold-back",
                           "no event is overtaken; give --fault event-reordering=...");
    }
    if (options.has("history-keys") && !experiment.history.is_recorded())
        throw wrong_option("history-keys", "no key is followed; give --history or --check");
    settle_clients(options, experiment);
    check_sense(experiment);
    return experiment;
}

}  // namespace

Experiment resolve(const RunOptions& options) {
    try {
        return experiment_of(options);
    } catch (const InputError& error) {
        const auto about = options.given.find(error.option);
        if (about == options.given.end()) throw;
        throw at_place_of(about->second, error);
    }
}

}  // namespace stalemark
