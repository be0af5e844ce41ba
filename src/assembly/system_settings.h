// SPDX-License-Identifier: Apache-2.0
// What a system under test is made of: everything that decides what it does, but for the
// operations that it is asked and the store at its far end.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assembly/fleet_settings.h"
#include "caches/settings.h"
#include "strategies/catalog.h"
#include "wire/faults.h"
#include "wire/wire.h"

namespace stalemark {

struct SystemSettings {
    const StrategyEntry* strategy = nullptr;
    const ShieldEntry* shield = nullptr;
    Settings settings;
    Duration longest_ttl = Duration::max();

    std::string cache;
    std::uint64_t cache_bytes = 0;
    WireSettings cache_wire;
    WireSettings store_wire;
    FleetSettings fleet;
    std::vector<Fault> faults;

    // Size of the key space, and of a value in bytes, on average.
    std::uint64_t keys = 1;
    std::uint64_t value_bytes = 0;

    std::uint64_t seed = 1;
};

inline Copies copies_of(const SystemSettings& system) {
    return {.longest_ttl = system.longest_ttl,
            .nodes = system.fleet.nodes,
            .are_near = system.fleet.has_near,
            .near_ttl_max = system.fleet.near_ttl_max,
            .are_layered = system.fleet.has_near && system.fleet.shared_bytes.has_value()};
}

// What the strategy promises under its settings, over its nodes, and what is known to break it.
inline Promise promise_of(const SystemSettings& system) {
    return system.strategy->promise(system.settings, copies_of(system));
}
inline KnownRaces races_of(const SystemSettings& system) {
    return system.strategy->races(system.settings, copies_of(system));
}

// Of a cache with so much room.
inline CacheSettings cache_settings(const SystemSettings& system, std::uint64_t bytes) {
    CacheSettings settings{.capacity_bytes = bytes, .value_bytes = system.value_bytes};
    if (!system.settings.guard->traits.remembers) return settings;
    settings.remembered_keys = system.settings.guarding.remembered_keys;
    settings.remembered_for = system.settings.guarding.remembered_for;
    return settings;
}

// Whether its nodes follow the store's commit log.
inline bool follows_log(const SystemSettings& system) {
    return system.fleet.events && system.fleet.events->source == EventSource::log;
}

}  // namespace stalemark
