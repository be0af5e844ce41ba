#include "options/foreign_options.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "options/fault_options.h"
#include "options/option_reader.h"
#include "options/protocol_options.h"
#include "stores/catalog.h"
#include "wire/faults.h"

namespace stalemark {
namespace {

// Options that mean something only beside others, and what is said of them without.
struct Rule {
    std::string_view options;  // In words.
    bool (*is_read)(const RunOptions&);
    std::string_view otherwise;
};

const StrategyEntry& strategy_of(const RunOptions& options) {
    return read_entry(options, "strategy", "cache_aside", find_strategy);
}

constexpr Rule rules[] = {
    {"processors operation-cost", [](const RunOptions& run) { return is_virtual(run); },
     "real processors are as many and as fast as they are; this is for --runtime virtual"},
    {"store-timeout", [](const RunOptions& run) { return is_virtual(run); },
     "over real threads nobody can leave a call of the store; this is for --runtime virtual"},
    {"shared-latency near-ttl layer-ttl",
     [](const RunOptions& run) { return run.get_or("shared-cache", "none") != "none"; },
     "there is no shared cache; give a --shared-cache size"},
    {"event-source event-delay event-hold-back event-batch event-batch-delay event-check "
     "event-order on-gap gap-grace heartbeat log-poll",
     [](const RunOptions& run) { return run.get("invalidate") == "event"; },
     "nobody sends events; give --invalidate event"},
    {"gap-grace heartbeat",
     [](const RunOptions& run) { return run.get_or("on-gap", "none") != "none"; },
     "nobody looks for gaps; give --on-gap clear or reconcile"},
    {"log-poll", [](const RunOptions& run) { return run.get("event-source") == "log"; },
     "nobody reads the store's log; give --event-source log"},
};

// Why there is no cache; nothing: there is one.
std::optional<std::string> why_no_cache(const RunOptions& options) {
    const StrategyEntry& strategy = strategy_of(options);
    if (strategy.traits.has_cache) return std::nullopt;
    return fmt::format("{} asks no cache", strategy.name);
}

// Why the fault, if it is known, has nothing to hit.
std::optional<std::string> why_no_target(const RunOptions& options, std::string_view fault) {
    const std::string_view name = fault.substr(0, fault.find_first_of("@="));
    const auto entry = std::ranges::find(all_faults(), name, &FaultEntry::name);
    if (entry == all_faults().end()) return std::nullopt;
    if (entry->place == FaultPlace::events && options.get("invalidate") != "event")
        return "nobody sends events; give --invalidate event";
    if (entry->place == FaultPlace::cache) return why_no_cache(options);
    return std::nullopt;
}

// Why one of the faults has nothing to hit.
std::optional<std::string> why_no_fault(const RunOptions& options) {
    for (const std::string_view fault : faults_in(options)) {
        if (const auto why = why_no_target(options, fault))
            return fmt::format("--fault {}: {}", fault, *why);
    }
    return std::nullopt;
}

// Of the lent faults, those that have something to hit.
std::string faults_with_target(const RunOptions& options) {
    std::vector<std::string_view> kept = faults_in(options);
    std::erase_if(kept, [&](auto fault) { return why_no_target(options, fault).has_value(); });
    return fmt::format("{}", fmt::join(kept, " "));
}

// Whether there are nodes that can keep each other from loading.
bool shares_leases(const RunOptions& options) {
    return options.get_or("nodes", "1") != "1" &&
           options.get_or("shared-cache", "none") != "none";
}

// Why the protocol does not read the option; nothing: it does, or it is none of a protocol's.
std::optional<std::string> why_foreign_to_protocol(const RunOptions& options,
                                                   std::string_view name) {
    const StrategyEntry& strategy = strategy_of(options);
    const ShieldEntry& shield = read_entry(options, "shield", no_shield().name, find_shield);
    if (name == "shield" && &shield != &no_shield() && !strategy.traits.has_cache) {
        return fmt::format("--shield {}: {} loads nothing into a cache", shield.name,
                           strategy.name);
    }
    if (name == "shield" && shield.traits.has_leases && strategy.traits.loads_once &&
        !shares_leases(options)) {
        return fmt::format(
            "--shield {}: in a node {} loads a key once at a time by itself; the shield adds a "
            "lease between nodes, with --nodes and --shared-cache",
            shield.name, strategy.name);
    }
    if (!is_foreign_knob(strategy, shield, name)) return std::nullopt;
    const std::string protocol =
        &shield == &no_shield() ? std::string(strategy.name)
                                : fmt::format("{} with shield {}", strategy.name, shield.name);
    return fmt::format("--{}: {} does not read it; these do: {}", name, protocol,
                       fmt::join(readers_of(name), " "));
}

// Likewise of the store.
std::optional<std::string> why_foreign_to_store(const RunOptions& options,
                                                std::string_view name) {
    std::vector<std::string_view> readers;
    for (const StoreEntry& store : all_stores()) {
        if (has_word(store.knobs, name)) readers.push_back(store.name);
    }
    const std::string_view store = store_of(options);
    if (readers.empty() || std::ranges::find(readers, store) != readers.end())
        return std::nullopt;
    return fmt::format("--{}: store '{}' has no such thing; {} has", name, store,
                       fmt::join(readers, " "));
}

}  // namespace

bool is_virtual(const RunOptions& options) {
    return read_word(options, "runtime", "threads") == 1;
}

std::string_view store_of(const RunOptions& options) {
    return read_option(options, "store", is_virtual(options) ? "memory" : "rocksdb",
                       [](std::string_view name) { return find_store(name).name; });
}

std::optional<std::string> why_foreign(const RunOptions& options, std::string_view name) {
    if (auto why = why_foreign_to_protocol(options, name)) return why;
    if (name == "fault") return why_no_fault(options);
    if (has_word("cache-size cache-latency shared-cache", name)) {
        if (const auto why = why_no_cache(options)) return fmt::format("--{}: {}", name, *why);
    }
    if (auto why = why_foreign_to_store(options, name)) return why;
    for (const Rule& rule : rules) {
        if (!has_word(rule.options, name) || rule.is_read(options)) continue;
        return fmt::format("--{}: {}", name, rule.otherwise);
    }
    return std::nullopt;
}

void refuse_foreign(const RunOptions& options) {
    for (const OptionRow& row : run_options()) {
        if (!options.has(row.name)) continue;
        if (const auto why = why_foreign(options, row.name)) throw InputError(*why, row.name);
    }
}

RunOptions with_lent(RunOptions options, const OptionValues& lent) {
    OptionValues kept = lent;
    std::erase_if(kept, [&](const auto& option) { return options.has(option.first); });
    options.values.insert(kept.begin(), kept.end());
    // Without one that is left out another may be foreign, too.
    const auto is_foreign = [&](const auto& option) {
        if (option.first == "fault")
            return !option.second.empty() && faults_with_target(options).empty();
        return why_foreign(options, option.first).has_value();
    };
    for (auto found = std::ranges::find_if(kept, is_foreign); found != kept.end();
         found = std::ranges::find_if(kept, is_foreign)) {
        options.values.erase(found->first);
        kept.erase(found);
    }
    if (kept.contains("fault")) options.values["fault"] = faults_with_target(options);
    return options;
}

}  // namespace stalemark
