// SPDX-License-Identifier: Apache-2.0
#include "explore/explored_system.h"

#include "caches/catalog.h"

namespace stalemark {
namespace {

// Room for all that a small program makes, in one shard.
constexpr std::uint64_t cache_bytes = 8'192;
constexpr std::uint64_t value_bytes = Header::size_bytes;

}  // namespace

ExploredSystem::ExploredSystem(const ExploredSetup& setup, ScheduleRuntime& runtime)
    : setup_(setup), runtime_(runtime), store_(runtime, setup) {
    const SystemSettings& system = setup.system;
    const GuardTraits& guard = system.settings.guard->traits;
    const bool couples_keys =
        guard.remembers && system.settings.guarding.remembered_keys < setup.program.keys;
    runtime_.make_for(0);
    if (setup.has_shared()) {
        shared_cache_ = make_cache(cache_settings(system, cache_bytes));
        shared_.emplace(runtime_, *shared_cache_, Shared::cache, store_, couples_keys);
        if (guard.locks) {
            locks_cache_ = make_cache({.capacity_bytes = cache_bytes});
            locks_.emplace(runtime_, *locks_cache_, Shared::locks, store_);
        }
        if (system.fleet.nodes > 1 && system.shield->traits.has_leases) {
            leases_cache_ = make_cache({.capacity_bytes = cache_bytes});
            leases_.emplace(runtime_, *leases_cache_, Shared::leases, store_);
        }
    }
    runtime_.set_rules({.are_locks_shared = locks_.has_value(),
                        .near_gets_write = !setup.has_shared(),
                        .do_near_keys_couple = couples_keys});
    if (system.fleet.events) {
        lost_events_.emplace(system.fleet.nodes);
        bus_.emplace(runtime_, BusSettings{.nodes = system.fleet.nodes});
    }
    const Common common{.system = system,
                        .runtime = runtime_,
                        .store = store_,
                        .shared_cache = shared_ ? &*shared_ : nullptr,
                        .leases = leases_ ? &*leases_ : nullptr,
                        .locks = locks_ ? &*locks_ : nullptr,
                        .bus = bus_ ? &*bus_ : nullptr,
                        .lost_events = lost_events_ ? &*lost_events_ : nullptr};
    for (std::uint32_t number = 0; number < system.fleet.nodes; ++number) {
        runtime_.make_for(static_cast<std::uint8_t>(number));
        nodes_.emplace_back(common, number);
    }
    if (follows_log(system)) follow_log();
}

std::unique_ptr<LocalCache> ExploredSystem::make_cache(const CacheSettings& settings) {
    CacheSettings small = settings;
    small.value_bytes = value_bytes;
    small.shards = 1;
    return find_cache("lru").make(small, runtime_);
}

// As events/log_tail.h does, a change at a time: it drops the shared copy and tells the nodes.
// The reader of the log is in no node that dies.
void ExploredSystem::follow_log() {
    runtime_.make_for(SharedObject::nodes_most - 1);
    if (shared_) {
        guard_of_log_ = setup_.system.settings.guard->make(
            {*shared_, runtime_, setup_.system.settings.guarding, locks_ ? &*locks_ : nullptr});
    }
    following_.emplace(runtime_);
    following_->spawn("log tail", [this] {
        LogPosition position{};
        for (;;) {
            const auto changes = store_.log()->read(position, 1);
            if (!changes) return;
            for (const LoggedChange& change : *changes) {
                if (shared_) {
                    const auto [condition, remains] = guard_of_log_->of_erase(change.version);
                    shared_->erase(change.key, condition, remains);
                }
                if (setup_.system.fleet.has_near) {
                    bus_->publish({.key = change.key,
                                   .version = change.version,
                                   .publisher = commit_log,
                                   .write = change.header});
                }
                position = change.position;
            }
            if (!changes->empty()) continue;
            runtime_.point(polls);
            runtime_.sleep_until(runtime_.now() + std::chrono::milliseconds(1));
        }
    });
}

}  // namespace stalemark
