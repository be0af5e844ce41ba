// SPDX-License-Identifier: Apache-2.0
#include "cli/explore_options.h"

#include "core/errors.h"
#include "core/units.h"
#include "options/fleet_options.h"
#include "options/protocol_options.h"
#include "options/read_options.h"
#include "options/wrong_option.h"

namespace stalemark {
namespace {

// Long beside all that a schedule takes.
constexpr Duration least_ttl = std::chrono::milliseconds(100);

Distribution ttl_of(const std::string& option, const std::string& text) {
    try {
        const Duration ttl = parse_duration(text);
        if (ttl < least_ttl) throw InputError("expected none, or at least 100ms");
        return Distribution(static_cast<std::uint64_t>(ttl.count()));
    } catch (const InputError& error) {
        throw wrong_option(option, text, error.what());
    }
}

void check_sense(const SystemSettings& system) {
    const bool has_ttl = system.longest_ttl != Duration::max();
    if (system.strategy->traits.reloads_early && !has_ttl) {
        throw InputError(std::string(system.strategy->name) +
                             ": without a TTL no entry is ever due for a refresh; give a --ttl",
                         "strategy");
    }
    if (system.shield->traits.needs_expiry && !has_ttl) {
        throw wrong_option("shield", system.shield->name,
                           "without a TTL no entry ever expires; give a --ttl");
    }
    if (system.shield->traits.serves_stale) {
        throw wrong_option("shield", system.shield->name,
                           "a grace ends together with its TTL here; it is not explored");
    }
}

}  // namespace

const std::set<std::string_view>& explored_options() {
    static const std::set<std::string_view> names = {"strategy",
                                                     "shield",
                                                     "guard",
                                                     "ttl",
                                                     "negative-ttl",
                                                     "invalidate",
                                                     "order",
                                                     "double-delete",
                                                     "delete-delay",
                                                     "delete-ack",
                                                     "queue",
                                                     "when-full",
                                                     "no-queue-lookup",
                                                     "flushers",
                                                     "flights",
                                                     "remember",
                                                     "lease-losers",
                                                     "lease-refused",
                                                     "quarantine-reads",
                                                     "fencing",
                                                     "event-source",
                                                     "event-check",
                                                     "event-order"};
    return names;
}

std::vector<std::string> explored_states(std::string_view option) {
    if (option == "cache") return {"cold", "warm", "both"};
    if (option == "caches") return {explored_caches_names.begin(), explored_caches_names.end()};
    if (option == "rows") return {"present", "absent"};
    if (option == "schedules") return {"all", "pos", "random", "pct"};
    return {};
}

SystemSettings explored_system(const OptionTexts& typed, std::uint32_t nodes,
                               ExploredCaches caches) {
    OptionTexts texts = typed;
    WorkloadSpec workload;
    if (const auto ttl = texts.extract("ttl")) workload.ttl = ttl_of("ttl", ttl.mapped());
    if (const auto ttl = texts.extract("negative-ttl"))
        workload.negative_ttl =
            Duration(static_cast<Duration::rep>(ttl_of("negative-ttl", ttl.mapped()).most()));
    RunOptions options = read_options(texts, {});
    SystemSettings system = options.system;
    options.system.fleet.nodes = system.fleet.nodes = nodes;
    options.system.fleet.has_near = system.fleet.has_near = caches != ExploredCaches::shared;
    system.longest_ttl = longest_ttl_of(workload);
    system.settings = protocol_settings(options, workload);
    system.fleet =
        fleet_settings(options, workload, system.settings.invalidate == Invalidate::event);
    if (caches == ExploredCaches::both) system.fleet.shared_bytes = 8'192;
    system.cache = "lru";
    system.cache_bytes = 8'192;
    system.settings.shield.reloads = 1;
    check_sense(system);
    return system;
}

}  // namespace stalemark
