#include "options/resolve.h"

#include <algorithm>

#include "caches/catalog.h"
#include "options/client_count.h"
#include "options/fault_options.h"
#include "options/fleet_options.h"
#include "options/foreign_options.h"
#include "options/option_reader.h"
#include "options/protocol_options.h"
#include "options/tier_options.h"
#include "options/workload_options.h"
#include "stores/catalog.h"

namespace stalemark {
namespace {

std::optional<std::uint64_t> parse_servers(std::string_view text) {
    if (text == "none") return std::nullopt;
    return parse_count(text, 1, std::uint64_t{1} << 62);
}

void read_tiers(const RunOptions& options, Experiment& experiment) {
    SystemSettings& system = experiment.system;
    system.cache = read_option(options, "cache", "lru", [](std::string_view name) {
        return std::string(find_cache(name).name);
    });
    const bool is_virtual = experiment.is_virtual();
    experiment.store.name = store_of(options);
    experiment.store.sync = options.has("sync");
    experiment.store.block_cache_bytes =
        read_option(options, "block-cache", "8MiB", parse_bytes);
    experiment.store.compression =
        read_option(options, "compression", "none", find_compression);
    if (const auto db = options.get("db")) experiment.store.db = *db;
    system.cache_wire.latency =
        read_option(options, "cache-latency", is_virtual ? "in_process" : "0", parse_latency);
    system.store_wire.latency =
        read_option(options, "store-latency", is_virtual ? "sql" : "0", parse_latency);
    system.store_wire.servers =
        read_option(options, "store-servers", is_virtual ? "64" : "none", parse_servers);
    system.store_wire.timeout = read_option(
        options, "store-timeout", "none", [](std::string_view text) -> std::optional<Duration> {
            const Duration timeout = parse_duration(text);
            if (timeout == Duration{0}) throw InputError("expected more than 0, or none");
            return timeout == Duration::max() ? std::nullopt : std::optional(timeout);
        });
}

void read_runtime(const RunOptions& options, Experiment& experiment) {
    if (!is_virtual(options)) return;
    experiment.processors = ProcessorSettings{
        .count = read_count(options, "processors", "8"),
        .cost = read_option(options, "operation-cost", "2us", parse_duration)};
    if (experiment.processors->cost < Duration{1} ||
        experiment.processors->cost > std::chrono::hours(1)) {
        throw wrong_option("operation-cost", format_duration(experiment.processors->cost),
                           "expected 1ns to 1h; without any, time would stand still");
    }
}

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

Experiment resolve(const RunOptions& options, WorkloadSpec workload) {
    Experiment experiment;
    SystemSettings& system = experiment.system;
    system.strategy = &read_entry(options, "strategy", "cache_aside", find_strategy);
    system.shield = &read_entry(options, "shield", no_shield().name, find_shield);
    experiment.workload = std::move(workload);
    refuse_foreign(options);
    system.keys = experiment.workload.keys;
    system.value_bytes = static_cast<std::uint64_t>(experiment.workload.value_size.mean());
    system.seed = read_count(options, "seed", "1", 0);
    system.longest_ttl = longest_ttl_of(experiment.workload);
    system.settings = read_settings(options, *system.strategy, *system.shield,
                                    experiment.workload, system.seed);
    system.cache_bytes = bytes_of(experiment.workload.cache_size, experiment.workload);
    experiment.verifies = read_word(options, "verify", "checksum") == 0;
    experiment.expect_promise = options.has("expect-promise");
    read_runtime(options, experiment);
    read_tiers(options, experiment);
    system.fleet = read_fleet(options, experiment.workload, experiment.is_virtual(),
                              system.settings.invalidate == Invalidate::event, system.seed);
    system.settings.events_first = system.fleet.events && system.fleet.events->first;
    if (system.fleet.restarts_ttl) system.settings.copies_outlive = system.fleet.near_ttl_max;
    system.faults = read_faults(options, experiment);
    if (system.fleet.events) disturb(system.fleet.events->bus, system.faults);
    if (options.has("event-hold-back") && system.fleet.events->bus.reordering == 0) {
        throw wrong_option("event-hold-back",
                           "no event is overtaken; give --fault event-reordering=...");
    }
    settle_clients(options, experiment);
    check_sense(experiment);
    return experiment;
}

// Where the option that it is about comes from is added, unless it was typed.
InputError with_place(const InputError& error, const RunOptions& typed,
                      const WorkloadFile& file) {
    const auto found = std::ranges::find(file.options, error.option, &FileOption::name);
    if (found == file.options.end() || typed.has(error.option)) return error;
    return {fmt::format("{}: {}", found->place, error.what()), error.option};
}

}  // namespace

Experiment resolve(const RunOptions& typed) {
    WorkloadFile file = read_workload(typed);
    const OptionValues lent = lent_options(file);
    try {
        return resolve(with_lent(typed, lent), std::move(file.spec));
    } catch (const InputError& error) {
        throw with_place(error, typed, file);
    }
}

std::uint64_t repetitions_of(const RunOptions& options) {
    return read_option(options, "repeat", "1",
                       [](std::string_view text) { return parse_count(text, 1, 1'000'000); });
}

}  // namespace stalemark
