// SPDX-License-Identifier: Apache-2.0
#include "options/foreign_options.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/words.h"
#include "stores/catalog.h"

namespace stalemark {
namespace {

// Options that mean something only beside others, and what is said of them without.
struct Rule {
    std::string_view options;  // In words.
    bool (*is_read)(const RunOptions&);
    std::string_view otherwise;
};

// Whether an erase leaves a version behind.
bool leaves_tombstones(const RunOptions& run) {
    const GuardTraits& guard = run.system.settings.guard->traits;
    return (guard.compares_versions && !guard.remembers) ||
           run.system.settings.guarding.fencing;
}

constexpr Rule rules[] = {
    {"fencing", [](const RunOptions& run) { return !run.system.strategy->traits.stores_later; },
     "what is cached is not in the store yet and has no version to compare"},
    {"tombstone-ttl", leaves_tombstones, "no erase leaves a version; give --fencing"},
    {"processors operation-cost", [](const RunOptions& run) { return run.is_virtual; },
     "real processors are as many and as fast as they are; this is for --runtime virtual"},
    {"store-timeout", [](const RunOptions& run) { return run.is_virtual; },
     "over real threads nobody can leave a call of the store; this is for --runtime virtual"},
    {"shared-cache shared-latency near-ttl layer-ttl",
     [](const RunOptions& run) { return run.system.fleet.has_near; },
     "with --near-cache none there is one cache, which --cache-size and --cache-latency are "
     "about"},
    {"shared-latency near-ttl layer-ttl",
     [](const RunOptions& run) { return run.shared_cache.has_value(); },
     "there is no shared cache; give a --shared-cache size"},
    {"event-source event-delay event-hold-back event-batch event-batch-delay event-check "
     "event-order on-gap gap-grace heartbeat log-poll",
     [](const RunOptions& run) { return run.invalidate == Invalidate::event; },
     "nobody sends events; give --invalidate event"},
    {"event-delay event-hold-back event-batch event-batch-delay event-check on-gap gap-grace "
     "heartbeat",
     [](const RunOptions& run) { return run.system.fleet.has_near; },
     "with --near-cache none no node has a cache of its own that would hear of events"},
    {"gap-grace heartbeat",
     [](const RunOptions& run) { return run.events.receiver.on_gap != OnGap::none; },
     "nobody looks for gaps; give --on-gap clear or reconcile"},
    {"delete-ack", [](const RunOptions& run) { return run.double_delete || run.delete_delay; },
     "no delete comes late; give --double-delete or --delete-delay"},
    {"log-poll", [](const RunOptions& run) { return run.events.source == EventSource::log; },
     "nobody reads the store's log; give --event-source log"},
};

// Why there is no cache; nothing: there is one.
std::optional<std::string> why_no_cache(const RunOptions& run) {
    if (run.system.strategy->traits.has_cache) return std::nullopt;
    return fmt::format("{} asks no cache", run.system.strategy->name);
}

// Why one of the faults on a cache has nothing to hit.
std::optional<std::string> why_no_cache_to_fail(const RunOptions& run) {
    for (const Fault& fault : run.system.faults) {
        if (fault.entry->place != FaultPlace::cache) continue;
        if (const auto why = why_no_cache(run))
            return fmt::format("--fault {}: {}", fault.text(), *why);
    }
    return std::nullopt;
}

// Likewise one of those on events.
std::optional<std::string> why_no_events_to_fail(const RunOptions& run) {
    if (run.invalidate == Invalidate::event) return std::nullopt;
    for (const Fault& fault : run.system.faults) {
        if (fault.entry->place != FaultPlace::events) continue;
        return fmt::format("--fault {}: nobody sends events; give --invalidate event",
                           fault.text());
    }
    return std::nullopt;
}

// What reads this option in a protocol: "lock", "cache_aside", ...; nobody if it is no knob.
std::vector<std::string_view> readers_of(std::string_view option) {
    std::vector<std::string_view> readers;
    const auto look = [&](const auto& catalogue) {
        for (const auto& entry : catalogue) {
            if (has_word(entry.knobs, option)) readers.push_back(entry.name);
        }
    };
    look(all_strategies());
    look(all_shields());
    look(all_guards());
    return readers;
}

// Why the shield has nothing to do.
std::optional<std::string> why_no_shield(const RunOptions& run) {
    const StrategyEntry& strategy = *run.system.strategy;
    const ShieldEntry& shield = *run.system.shield;
    if (&shield != &no_shield() && !strategy.traits.has_cache) {
        return fmt::format("--shield {}: {} loads nothing into a cache", shield.name,
                           strategy.name);
    }
    const bool shares_leases =
        run.system.fleet.nodes > 1 && (run.shared_cache || !run.system.fleet.has_near);
    if (shield.traits.has_leases && strategy.traits.loads_once && !shares_leases) {
        return fmt::format(
            "--shield {}: in a node {} loads a key once at a time by itself; the shield adds a "
            "lease between nodes, with --nodes and a cache that they share",
            shield.name, strategy.name);
    }
    return std::nullopt;
}

// Why the guard has nothing to do.
std::optional<std::string> why_no_guard(const RunOptions& run) {
    const StrategyEntry& strategy = *run.system.strategy;
    const GuardEntry& guard = *run.system.settings.guard;
    if (&guard == &no_guard() || strategy.traits.has_cache) return std::nullopt;
    return fmt::format("--guard {}: {} loads nothing into a cache", guard.name, strategy.name);
}

// "cache_aside with shield lock and guard add"
std::string protocol_name(const RunOptions& run) {
    const std::string_view strategy = run.system.strategy->name;
    const ShieldEntry& shield = *run.system.shield;
    const GuardEntry& guard = *run.system.settings.guard;
    std::vector<std::string> parts;
    if (&shield != &no_shield()) parts.push_back(fmt::format("shield {}", shield.name));
    if (&guard != &no_guard()) parts.push_back(fmt::format("guard {}", guard.name));
    if (parts.empty()) return std::string(strategy);
    return fmt::format("{} with {}", strategy, fmt::join(parts, " and "));
}

// Why the protocol does not read the option; nothing: it does, or it is none of a protocol's.
std::optional<std::string> why_foreign_to_protocol(const RunOptions& run,
                                                   std::string_view option) {
    const StrategyEntry& strategy = *run.system.strategy;
    const ShieldEntry& shield = *run.system.shield;
    const GuardEntry& guard = *run.system.settings.guard;
    if (has_word(strategy.knobs, option) || has_word(shield.knobs, option) ||
        has_word(guard.knobs, option))
        return std::nullopt;
    const std::vector<std::string_view> readers = readers_of(option);
    if (readers.empty()) return std::nullopt;
    return fmt::format("--{}: {} does not read it; these do: {}", option, protocol_name(run),
                       fmt::join(readers, " "));
}

// Likewise of the store.
std::optional<std::string> why_foreign_to_store(const RunOptions& run,
                                                std::string_view option) {
    std::vector<std::string_view> readers;
    for (const StoreEntry& store : all_stores()) {
        if (has_word(store.knobs, option)) readers.push_back(store.name);
    }
    const std::string& store = run.store.name;
    if (readers.empty() || std::ranges::find(readers, store) != readers.end())
        return std::nullopt;
    return fmt::format("--{}: store '{}' has no such thing; {} has", option, store,
                       fmt::join(readers, " "));
}

// Whether it was asked for and passed over.
bool has_unread_part(const RunOptions& run, std::string_view name) {
    return std::ranges::any_of(run.unread, [&](const UnreadOption& unread) {
        return has_word("shield guard", unread.option) && unread.text == name;
    });
}

// As a note names it: "--ttl", "--fault cache-flush@5s", "--beta (early does)".
std::string name_of(const UnreadOption& unread, const RunOptions& run) {
    if (unread.option == "fault") return fmt::format("--fault {}", unread.text);
    if (unread.option == "shield") {
        return fmt::format("--shield {}{}", unread.text,
                           run.system.strategy->traits.loads_once
                               ? " (it loads a key once at a time by itself)"
                               : "");
    }
    if (unread.option == "guard") return fmt::format("--guard {}", unread.text);
    const std::vector<std::string_view> readers = readers_of(unread.option);
    if (readers.size() != 1 || has_unread_part(run, readers.front()))
        return fmt::format("--{}", unread.option);
    return fmt::format("--{} ({} does)", unread.option, readers.front());
}

}  // namespace

std::optional<std::string> why_foreign(const RunOptions& run, std::string_view option) {
    if (option == "shield") return why_no_shield(run);
    if (option == "guard") return why_no_guard(run);
    if (option == "fault") {
        if (auto why = why_no_cache_to_fail(run)) return why;
    }
    if (auto why = why_foreign_to_protocol(run, option)) return why;
    if (has_word("cache-size cache-latency near-cache shared-cache", option)) {
        if (const auto why = why_no_cache(run)) return fmt::format("--{}: {}", option, *why);
    }
    return why_foreign_to_all(run, option);
}

std::optional<std::string> why_foreign_to_all(const RunOptions& run, std::string_view option) {
    if (option == "fault") return why_no_events_to_fail(run);
    if (auto why = why_foreign_to_store(run, option)) return why;
    for (const Rule& rule : rules) {
        if (!has_word(rule.options, option) || rule.is_read(run)) continue;
        return fmt::format("--{}: {}", option, rule.otherwise);
    }
    return std::nullopt;
}

std::string note_on_unread(const RunOptions& run) {
    if (run.unread.empty()) return "";
    std::vector<std::string> names;
    for (const UnreadOption& unread : run.unread) names.push_back(name_of(unread, run));
    return fmt::format("{} does not read {}", protocol_name(run), fmt::join(names, ", "));
}

}  // namespace stalemark
