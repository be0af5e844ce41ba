// SPDX-License-Identifier: Apache-2.0
// The menu of strategies: what each is called, what it promises, which knobs it reads and what
// else others must know of it.

#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "strategies/known_race.h"
#include "strategies/strategy.h"

namespace stalemark {

// What an application may rely on as long as no process dies. The stronger includes the weaker.
struct Promise {
    enum class Consistency : std::uint8_t {
        linearizable,       // A read sees every write acknowledged before it began.
        bounded_staleness,  // ...every write acknowledged longer ago than `bound`.
        eventual,           // ...every write, some time after the writers stop.
        none,               // An old value may stay for ever.
    };
    Consistency consistency = Consistency::none;
    Duration bound{0};
    bool durable = true;  // An acknowledged write has reached the store.
};
constexpr std::array<std::string_view, 4> promise_names = {"linearizable", "bounded_staleness",
                                                           "eventual", "none"};

// Where copies of a row may be, and for how long.
struct Copies {
    Duration longest_ttl = Duration::max();
    std::uint32_t nodes = 1;
    bool are_near = true;  // Each node has a cache of its own; else all share one.
    Duration near_ttl_max = Duration::max();  // No copy in a near cache lives longer.
    bool are_layered = false;  // Near caches copy what they find in a shared one.

    // Whether there is a copy that a write of another node does not reach.
    bool are_apart() const { return are_near && nodes > 1; }
};

// What others must know of a strategy.
struct StrategyTraits {
    bool has_cache = true;       // It asks one.
    bool loads_once = false;     // In a node it loads a key once at a time by itself.
    bool reloads_early = false;  // It reloads what is near its expiry: without a TTL, nothing.
    bool stores_later = false;   // It acknowledges a change before the store has it.
};

struct StrategyEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<Strategy> (*make)(const Parts&);
    Promise (*promise)(const Settings&, const Copies&);
    KnownRaces (*races)(const Settings&, const Copies&);  // Known to apply; there may be more.
    std::string_view knobs;       // Options it reads, in words: "ttl jitter ...".
    std::string_view invalidate;  // Values of --invalidate it takes, its default first.
    StrategyTraits traits = {};
};

std::span<const StrategyEntry> all_strategies();

// Throws InputError with the nearest right name if there is no such strategy.
const StrategyEntry& find_strategy(std::string_view name);

// Invalidate::none for a strategy that takes no value.
Invalidate default_invalidate(const StrategyEntry& strategy);

// On one node, with the strategy's default for every option.
KnownRaces default_races(const StrategyEntry& strategy);

}  // namespace stalemark
