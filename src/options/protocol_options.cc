// SPDX-License-Identifier: Apache-2.0
#include "options/protocol_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/words.h"
#include "options/wrong_option.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

Invalidate invalidation_of(const RunOptions& options) {
    const StrategyEntry& strategy = *options.system.strategy;
    if (!options.invalidate || strategy.invalidate.empty()) return default_invalidate(strategy);
    const Invalidate mode = *options.invalidate;
    const std::string_view name = invalidate_names[static_cast<std::size_t>(mode)];
    if (mode == Invalidate::event && strategy.traits.stores_later) {
        throw wrong_option(
            "invalidate", name,
            fmt::format("what {} acknowledges is not in the store yet; a node that "
                        "was told of it would fetch the old value again",
                        strategy.name));
    }
    if (!has_word(strategy.invalidate, name)) {
        throw wrong_option(
            "invalidate", name,
            fmt::format("{} takes only: {}", strategy.name, strategy.invalidate));
    }
    return mode;
}

// What goes with a guard that compares versions, or that erases the copy at the end of the
// change itself.
void check_guard(const RunOptions& options, const Settings& settings) {
    const StrategyEntry& strategy = *options.system.strategy;
    if (settings.guard->traits.compares_versions && strategy.traits.stores_later) {
        throw wrong_option("guard", settings.guard->name,
                           fmt::format("what {} caches is not in the store yet and has no "
                                       "version to compare",
                                       strategy.name));
    }
    if (!settings.guard->traits.needs_erase) return;
    if (!has_word(strategy.invalidate, "erase")) {
        throw wrong_option(
            "guard", settings.guard->name,
            fmt::format("it erases the cached copy, and {} sets it", strategy.name));
    }
    if (settings.invalidate != Invalidate::erase) {
        throw wrong_option("guard", settings.guard->name,
                           "it erases the cached copy; give --invalidate erase");
    }
    if (settings.order != Order::store_first || options.delete_delay) {
        throw wrong_option("guard", settings.guard->name,
                           "it erases the cached copy when the store has the change; give "
                           "neither --order nor --delete-delay");
    }
}

// What goes with the order in which a change reaches store and cache.
void check_order(const Settings& settings) {
    if (settings.order == Order::store_first) return;
    const std::string_view order = order_names[static_cast<std::size_t>(settings.order)];
    if (settings.invalidate == Invalidate::none) {
        throw wrong_option("order", order,
                           "no write treats the cached copy; give --invalidate erase or set");
    }
    if (settings.invalidate == Invalidate::event) {
        throw wrong_option("order", order,
                           "an event tells of a change that the store has made; give "
                           "--invalidate erase or set");
    }
    if (settings.guard->traits.compares_versions || settings.guarding.fencing) {
        throw wrong_option("order", order,
                           fmt::format("{} compares versions, and before the store has made a "
                                       "change that has none",
                                       settings.guarding.fencing
                                           ? "--fencing"
                                           : fmt::format("guard {}", settings.guard->name)));
    }
}

void read_late_delete(const RunOptions& options, Settings& settings) {
    settings.late_delete = options.double_delete;
    if (!options.double_delete && !options.delete_delay) return;
    const std::string_view option = options.delete_delay ? "delete-delay" : "double-delete";
    if (settings.invalidate != Invalidate::erase) {
        throw wrong_option(option, "no write erases the cached copy; give --invalidate erase");
    }
    if (!options.delete_delay) return;
    if (options.double_delete) {
        throw wrong_option(option,
                           "--double-delete is about a second delete; give one of them");
    }
    if (settings.order == Order::cache_first) {
        throw wrong_option(option,
                           "with --order cache_first no delete comes after the store; give "
                           "--double-delete");
    }
    settings.late_delete = options.delete_delay;
    settings.late_delete_alone = true;
}

// The workload's TTL of each key: the same for all, or drawn once for each. Empty: for ever.
std::function<Duration(Key)> common_ttl(const WorkloadSpec& workload) {
    if (workload.ttl.is_constant()) {
        const Duration ttl(static_cast<Duration::rep>(workload.ttl.most()));
        if (ttl == Duration::max()) return nullptr;
        return [ttl](Key) { return ttl; };
    }
    return [ttl = workload.ttl](Key key) {
        Random random = Random::named(0, "ttl", index_of(key));
        return Duration(static_cast<Duration::rep>(ttl.sample(random)));
    };
}

// A trace's own for the keys that it gives one.
std::function<Duration(Key)> ttl_of_keys(const WorkloadSpec& workload) {
    if (!workload.trace) return common_ttl(workload);
    return [trace = read_trace(workload.trace->path), common = common_ttl(workload)](Key key) {
        const Duration own = trace->ttl_of_keys[index_of(key)];
        return own == Duration::max() && common ? common(key) : own;
    };
}

}  // namespace

Duration longest_ttl_of(const WorkloadSpec& workload) {
    const Duration common(static_cast<Duration::rep>(workload.ttl.most()));
    if (!workload.trace) return common;
    Duration longest{0};
    for (const Duration own : read_trace(workload.trace->path)->ttl_of_keys) {
        longest = std::max(longest, own == Duration::max() ? common : own);
    }
    return longest;
}

Settings protocol_settings(const RunOptions& options, const WorkloadSpec& workload) {
    const SystemSettings& system = options.system;
    Settings settings = system.settings;
    settings.ttl_of = ttl_of_keys(workload);
    settings.ttl_jitter = workload.ttl_jitter;
    settings.negative_ttl = workload.negative_ttl;
    settings.invalidate = invalidation_of(options);
    check_guard(options, settings);
    check_order(settings);
    read_late_delete(options, settings);
    settings.seed = system.seed;
    settings.shield.seed = system.seed;
    if (system.shield->traits.serves_stale) {
        settings.grace = std::max(settings.shield.grace, settings.shield.stale_if_error);
    }
    settings.events_first = settings.invalidate == Invalidate::event && options.events.first;
    if (system.fleet.restarts_ttl) settings.copies_outlive = system.fleet.near_ttl_max;
    return settings;
}

}  // namespace stalemark
