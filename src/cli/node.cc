#include "cli/node.h"

#include <fmt/format.h>

#include "caches/catalog.h"

namespace stalemark {

Node::Node(const Common& common, std::uint32_t number) {
    const Experiment& experiment = common.experiment;
    const auto value_bytes = static_cast<std::uint64_t>(experiment.workload.value_size.mean());
    near_cache_ =
        find_cache(experiment.cache)
            .make({.capacity_bytes = experiment.cache_bytes, .value_bytes = value_bytes},
                  common.runtime);
    wire_.emplace(common.runtime, experiment.cache_wire, "cache wire",
                  number == 0 ? experiment.seed : mix(experiment.seed + number), nullptr,
                  common.near_faults);
    // A cache in this process needs no wire of no length: it would only cost time.
    if (!wire_->is_bare()) wired_cache_.emplace(*near_cache_, *wire_);
    Cache& cache = assemble_cache(common);
    if (common.bus != nullptr) {
        const EventSettings& events = *experiment.fleet.events;
        receiver_.emplace(common.runtime, *common.bus, number, *this, events.receiver);
        if (events.source == EventSource::application) publisher_.emplace(*common.bus, number);
    }
    strategy_ = experiment.strategy->make({cache, common.store, common.runtime,
                                           experiment.settings, *experiment.shield,
                                           common.leases, publisher_ ? &*publisher_ : nullptr});
}

// From the inside out: near cache, wire, what it hears, and what it shares.
Cache& Node::assemble_cache(const Common& common) {
    const FleetSettings& fleet = common.experiment.fleet;
    Cache* cache = near_cache_.get();
    if (wired_cache_) cache = &*wired_cache_;
    if (fleet.events) {
        informed_cache_.emplace(*cache, common.runtime, fleet.events->by_version);
        cache = &*informed_cache_;
    }
    if (common.shared_cache != nullptr) {
        LayerRules rules{.near_ttl_max = fleet.near_ttl_max};
        if (fleet.restarts_ttl) {
            const auto& ttl_of = common.experiment.settings.ttl_of;
            rules.restarted_ttl = [&ttl_of](Key key) {
                return ttl_of ? ttl_of(key) : Duration::max();
            };
        }
        layered_cache_.emplace(*cache, *common.shared_cache, common.runtime, std::move(rules));
        cache = &*layered_cache_;
    }
    return *cache;
}

void Node::invalidate(const Event& event) {
    heard_.fetch_add(1, std::memory_order_relaxed);
    const bool has_dropped = informed_cache_->hear(event.key, event.version);
    if (!has_dropped) useless_.fetch_add(1, std::memory_order_relaxed);
}

InvalidationCounts Node::invalidations() const {
    return {.heard = heard_,
            .useless = useless_,
            .fills_refused = informed_cache_ ? informed_cache_->fills_refused() : 0};
}

}  // namespace stalemark
