// SPDX-License-Identifier: Apache-2.0
#include "assembly/fleet.h"

#include "caches/catalog.h"
#include "core/errors.h"

namespace stalemark {
namespace {

// What is still on its way when the writers have stopped is waited for so long.
constexpr Duration drain_limit = std::chrono::minutes(10);

}  // namespace

Fleet::Fleet(const SystemSettings& system, Runtime& runtime, Store& store, Store& far_store,
             Judges& judges, Disturbance& cache_faults)
    : runtime_(runtime), judges_(judges), has_near_(system.fleet.has_near) {
    const auto& events = system.fleet.events;
    const bool has_log_tail = follows_log(system);
    if (has_log_tail) {
        // Its end is taken here and now: over the wire, the first writes would have passed it.
        const auto end = far_store.log()->end();
        if (!end) throw RunError("the store's log cannot be read");
        log_position_ = *end;
    }
    if (!has_near_ || system.fleet.shared_bytes) share_cache(system, cache_faults);
    if (events) {
        judges_.lost_events = std::make_unique<LostEvents>(system.fleet.nodes);
        BusSettings settings = events->bus;
        settings.faults_from = &faults_from_;
        gap_grace_ = events->receiver.grace;
        bus_.emplace(runtime_, std::move(settings), watch());
    }
    const Common common{.system = system,
                        .runtime = runtime_,
                        .store = store,
                        .shared_cache = wired_shared_ ? &*wired_shared_ : nullptr,
                        .leases = wired_leases_ ? &*wired_leases_ : nullptr,
                        .locks = wired_locks_ ? &*wired_locks_ : nullptr,
                        .bus = bus_ ? &*bus_ : nullptr,
                        .lost_events = judges_.lost_events.get(),
                        .near_faults = wired_shared_ ? nullptr : &cache_faults};
    for (std::uint32_t number = 0; number < system.fleet.nodes; ++number) {
        nodes_.emplace_back(common, number);
        strategies_.push_back(&nodes_.back().strategy());
    }
    if (has_log_tail) follow_log(system, *store.log());
}

void Fleet::share_cache(const SystemSettings& system, Disturbance& faults) {
    const CacheEntry& kind = find_cache(system.cache);
    const std::uint64_t bytes = has_near_ ? *system.fleet.shared_bytes : system.cache_bytes;
    shared_cache_ = kind.make(cache_settings(system, bytes), runtime_);
    leases_ = kind.make({.value_bytes = system.value_bytes}, runtime_);
    shared_wire_.emplace(runtime_, has_near_ ? system.fleet.shared_wire : system.cache_wire,
                         "shared cache wire", system.seed, nullptr, &faults);
    wired_shared_.emplace(*shared_cache_, *shared_wire_, has_near_ ? "shared cache" : "cache");
    wired_leases_.emplace(*leases_, *shared_wire_, "leases");
    if (!system.settings.guard->traits.locks) return;
    locks_ = kind.make({.value_bytes = system.value_bytes}, runtime_);
    wired_locks_.emplace(*locks_, *shared_wire_, "locks");
}

// Tells the nodes of what the store's log tells.
void Fleet::follow_log(const SystemSettings& system, CommitLog& log) {
    const EventSettings& events = *system.fleet.events;
    std::function<void(const Event&)> drop;
    if (wired_shared_) {
        guard_of_log_ =
            system.settings.guard->make({*wired_shared_, runtime_, system.settings.guarding,
                                         wired_locks_ ? &*wired_locks_ : nullptr});
        drop = [this](const Event& event) {
            const auto [condition, remains] = guard_of_log_->of_erase(event.version);
            wired_shared_->erase(event.key, condition, remains);
        };
    }
    log_tail_.emplace(
        runtime_, *bus_, events.log_poll, [this, &log] { return read_log(log); },
        events.first ? nullptr : drop, events.first ? drop : nullptr);
}

std::optional<std::vector<Event>> Fleet::read_log(CommitLog& log) {
    const auto changes = log.read(log_position_, log_batch_max);
    if (!changes) return std::nullopt;
    std::vector<Event> events;
    for (const LoggedChange& change : *changes) {
        events.push_back({.key = change.key,
                          .version = change.version,
                          .publisher = commit_log,
                          .write = change.header});
        log_position_ = change.position;
    }
    return events;
}

BusWatch Fleet::watch() {
    return {.on_delivered =
                [this](std::uint32_t /*node*/, const Event& /*event*/, Duration delay) {
                    const std::lock_guard lock(guard_);
                    delay_.add(delay);
                },
            .on_lost =
                [this](std::uint32_t node, const Event& event) {
                    const auto cached =
                        nodes_[node].near_cache()->peek(event.key, runtime_.now());
                    const bool is_newer = cached && cached->row.bytes && event.version != 0 &&
                                          cached->row.version >= event.version;
                    judges_.lost_events->note_lost(node, event.key, cached && !is_newer,
                                                   event.write ? event.write->invocation : 0);
                }};
}

void Fleet::drain() {
    for (Strategy* const strategy : strategies_) strategy->drain();
    const bool is_log_read = !log_tail_ || log_tail_->drain();
    if (bus_) {
        wait_for_gaps();
        bus_->drain(drain_limit);
    }
    if (!is_log_read) {
        throw RunError(
            "the store's log could not be read to its end (it may not reach back as far any "
            "more): the nodes were not told of every write");
    }
}

// The last event of a publisher is missed by nobody before the next heartbeats have told of it,
// the grace is over and whoever asks has his answer.
void Fleet::wait_for_gaps() {
    const BusSettings& bus = bus_->settings();
    if (bus.heartbeat == Duration{0}) return;
    const Duration longest_way(static_cast<Duration::rep>(bus.delay.most()));
    runtime_.sleep_for(2 * bus.heartbeat + gap_grace_ + 3 * longest_way);
}

CacheCounts Fleet::cache_counts() const {
    if (!has_near_) return wired_shared_->counts();
    CacheCounts sum;
    for (const Node& node : nodes_) sum += node.counts();
    return sum;
}

CacheUse Fleet::cache_use() const {
    if (!has_near_) return shared_cache_->use();
    CacheUse sum;
    for (const Node& node : nodes_) {
        const CacheUse use = node.near_cache()->use();
        sum.entries += use.entries;
        sum.bytes += use.bytes;
        sum.capacity_bytes += use.capacity_bytes;
    }
    return sum;
}

std::optional<CacheCounts> Fleet::shared_counts() const {
    return has_near_ && wired_shared_ ? std::optional(wired_shared_->counts()) : std::nullopt;
}

std::optional<CacheUse> Fleet::shared_use() const {
    return has_near_ && shared_cache_ ? std::optional(shared_cache_->use()) : std::nullopt;
}

std::vector<ShieldCount> Fleet::shield_counts() const {
    std::vector<ShieldCount> sum = strategies_.front()->shield_counts();
    for (const Strategy* const strategy : strategies().subspan(1)) {
        const std::vector<ShieldCount> counts = strategy->shield_counts();
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i].number += counts[i].number;
    }
    return sum;
}

std::uint64_t Fleet::reloads() const {
    std::uint64_t sum = 0;
    for (const Strategy* const strategy : strategies_) sum += strategy->reloads();
    return sum;
}

std::optional<QueueCounts> Fleet::queue_counts() const {
    std::optional<QueueCounts> sum = strategies_.front()->queue_counts();
    for (const Strategy* const strategy : strategies().subspan(1)) {
        if (sum) *sum += *strategy->queue_counts();
    }
    return sum;
}

void Fleet::forget_peaks() {
    for (Strategy* const strategy : strategies_) strategy->forget_peaks();
}

std::optional<EventCounts> Fleet::event_counts() const {
    if (!bus_) return std::nullopt;
    EventCounts counts{.bus = bus_->counts(), .losses = judges_.lost_events->counts()};
    for (const Node& node : nodes_) {
        counts.received += node.received();
        const InvalidationCounts own = node.invalidations();
        counts.invalidations.heard += own.heard;
        counts.invalidations.useless += own.useless;
        counts.invalidations.fills_refused += own.fills_refused;
    }
    const std::lock_guard lock(guard_);
    counts.delay = delay_;
    return counts;
}

void Fleet::visit(Instant at, const std::function<void(Key, const Cached&)>& see) {
    for (Node& node : nodes_) {
        if (LocalCache* const near = node.near_cache()) near->visit(at, see);
    }
    if (shared_cache_) shared_cache_->visit(at, see);
}

void Fleet::peek(Key key, Instant at, const std::function<void(const Cached&)>& see) const {
    for (const Node& node : nodes_) {
        const LocalCache* const near = node.near_cache();
        if (near == nullptr) continue;
        if (const auto cached = near->peek(key, at)) see(*cached);
    }
    if (!shared_cache_) return;
    if (const auto cached = shared_cache_->peek(key, at)) see(*cached);
}

}  // namespace stalemark
