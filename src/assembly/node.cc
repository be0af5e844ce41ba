// SPDX-License-Identifier: Apache-2.0
#include "assembly/node.h"

#include "caches/catalog.h"
#include "core/random.h"

namespace stalemark {

namespace {

// Every node draws from streams of its own.
std::uint64_t seed_of(std::uint64_t seed, std::uint32_t node) {
    return node == 0 ? seed : mix(mix(seed) + node);
}

Settings settings_of(const SystemSettings& system, std::uint32_t node) {
    Settings settings = system.settings;
    settings.seed = settings.shield.seed = seed_of(system.seed, node);
    return settings;
}

}  // namespace

Node::Node(const Common& common, std::uint32_t number)
    : runtime_(common.runtime),
      number_(number),
      settings_(settings_of(common.system, number)),
      lost_events_(common.lost_events) {
    const SystemSettings& system = common.system;
    Cache& cache = assemble_cache(common);
    if (common.bus != nullptr && near_cache_) {
        const EventSettings& events = *system.fleet.events;
        receiver_.emplace(common.runtime, *common.bus, number, *this, events.receiver);
        if (events.source == EventSource::application) publisher_.emplace(*common.bus, number);
    }
    strategy_ = system.strategy->make({cache, common.store, common.runtime, settings_,
                                       *system.shield, common.leases,
                                       publisher_ ? &*publisher_ : nullptr, locks_of(common)});
}

// Beside the shared cache or, where each node's cache is its own, in the node.
Cache* Node::locks_of(const Common& common) {
    if (!settings_.guard->traits.locks || common.locks != nullptr) return common.locks;
    if (!own_locks_) own_locks_ = find_cache(common.system.cache).make({}, common.runtime);
    return own_locks_.get();
}

// From the inside out: near cache, what it hears, wire, and what it shares.
Cache& Node::assemble_cache(const Common& common) {
    const FleetSettings& fleet = common.system.fleet;
    if (!fleet.has_near) return *common.shared_cache;
    Cache& near = assemble_near(common);
    if (common.shared_cache == nullptr) return near;
    LayerRules rules{.near_ttl_max = fleet.near_ttl_max};
    if (fleet.restarts_ttl) {
        rules.restarted_ttl = [this](Key key, bool is_absence) {
            if (is_absence) return settings_.negative_ttl;
            return settings_.ttl_of ? settings_.ttl_of(key) : Duration::max();
        };
    }
    Cache* shared = common.shared_cache;
    if (check_) shared = &checked_shared_.emplace(*shared, *check_);
    layered_cache_.emplace(near, *shared, common.runtime, std::move(rules));
    return *layered_cache_;
}

// An event that has reached the node has no wire before it.
Cache& Node::assemble_near(const Common& common) {
    const SystemSettings& system = common.system;
    const FleetSettings& fleet = system.fleet;
    near_cache_ = find_cache(system.cache)
                      .make(cache_settings(system, system.cache_bytes), common.runtime);
    Cache* cache = near_cache_.get();
    if (fleet.events) {
        check_ = fleet.events->check->make(common.runtime);
        hearing_ = settings_.guard->make(
            {*near_cache_, common.runtime, settings_.guarding, locks_of(common)});
        informed_cache_.emplace(*near_cache_, common.runtime, *check_, *hearing_);
        cache = &*informed_cache_;
    }
    wire_.emplace(common.runtime, system.cache_wire, "cache wire",
                  seed_of(system.seed, number_), nullptr, common.near_faults);
    // A cache in this process needs no wire of no length: it would only cost time. But its
    // calls are steps.
    if (!wire_->is_bare() || common.runtime.is_watched()) {
        wired_cache_.emplace(*cache, *near_cache_, *wire_);
        cache = &*wired_cache_;
    }
    return *cache;
}

void Node::invalidate(const Event& event) {
    using Heard = InformedCache::Heard;
    runtime_.point({"cache", "hear", event.key});
    heard_.fetch_add(1, std::memory_order_relaxed);
    const Heard heard = informed_cache_->hear(event.key, event.version);
    if (heard != Heard::dropped) useless_.fetch_add(1, std::memory_order_relaxed);
    // An entry that stays may still be older than what an event that was lost told of.
    if (heard != Heard::newer) lost_events_->heal(number_, event.key);
}

void Node::clear() {
    runtime_.point({"cache", "clear"});
    near_cache_->clear();
    lost_events_->heal(number_);
}

InvalidationCounts Node::invalidations() const {
    return {.heard = heard_,
            .useless = useless_,
            .fills_refused = informed_cache_ ? informed_cache_->fills_refused() : 0};
}

}  // namespace stalemark
