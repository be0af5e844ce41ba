// SPDX-License-Identifier: Apache-2.0
// A whole run in virtual time: a workload, a strategy, an LRU cache and a memory store at the
// far ends of wires, the driver and its judges. A test sets what it is about and carries it
// out.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "caches/catalog.h"
#include "driver/driver.h"
#include "measure/divergence.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "stores/memory_store.h"
#include "strategies/catalog.h"
#include "wire/latencies.h"
#include "wire/wired_cache.h"
#include "wire/wired_store.h"

namespace stalemark {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What came of a run.
struct VirtualResult {
    DriveResult driven;
    Divergence at_stop, after_drain;
    std::uint64_t exposure_writes_max = 0;
    StoreCounts store;
    CacheCounts cache;

    const OperationRecord& of(OperationKind kind) const {
        return driven.recorder.kinds()[static_cast<std::size_t>(kind)];
    }
    const OperationRecord& reads() const { return of(OperationKind::read); }
    const OperationRecord& writes() const { return of(OperationKind::write); }
};

class VirtualRun {
public:
    using Maker = std::function<std::unique_ptr<Strategy>(const Parts&)>;

    VirtualRun() {
        spec.keys = 100;
        spec.value_size = Distribution(32);
        spec.phases = {Phase{.name = "all"}};
    }

    // What is asked. Nothing ends a run by itself: set a duration or operations.
    WorkloadSpec spec;
    DriveSettings driving{.warmup = Duration{0}};
    DriveHooks hooks;
    Phase& phase() { return spec.phases.front(); }

    // Of whom.
    Settings settings;
    CacheSettings cache_settings;
    WireSettings cache_wire, store_wire;
    std::optional<Duration> bound;  // That is promised.

    // Ends the run early.
    std::atomic<bool> stop = false;

    Runtime& runtime() { return *runtime_; }
    Store& far_store() { return *far_store_; }
    Judges& judges() { return *judges_; }

    // Puts something between the store's wire and the store, before carry_out().
    void wrap_store(const std::function<std::unique_ptr<Store>(Store&)>& wrap) {
        inner_store_ = std::move(far_store_);
        far_store_ = wrap(*inner_store_);
    }

    // Another task, from the start.
    void beside(std::function<void()> play) { tasks_.spawn("beside", std::move(play)); }

    VirtualResult carry_out(std::string_view strategy) {
        const StrategyEntry& entry = find_strategy(strategy);
        return carry_out([&](const Parts& parts) { return entry.make(parts); });
    }

    // Once.
    VirtualResult carry_out(const Maker& make) {
        const auto preloaded =
            static_cast<std::uint64_t>(spec.preload * static_cast<double>(spec.keys));
        const std::uint32_t sessions = has_open_loop(spec) ? driving.sessions : driving.clients;
        judges_ =
            std::make_unique<Judges>(spec.keys, preloaded, driving.clients, sessions, false);
        judges_->bound = bound;
        for (std::uint64_t key = 0; key < preloaded; ++key) load(Key{key});
        far_cache_ = find_cache("lru").make(cache_settings, *runtime_);
        Wire to_cache(*runtime_, cache_wire, "cache wire", driving.seed);
        Wire to_store(*runtime_, store_wire, "store wire", driving.seed);
        WiredCache cache(*far_cache_, to_cache);
        VirtualResult result{.driven = {.recorder = Recorder(1, 1, Instant{0}, seconds(1))}};
        WiredStore store(*far_store_, to_store, spec.keys,
                         [this](const Stored& stored) { note_stored(stored); });
        judges_->store_account = {.hold = [&] { store.hold(); }, .tell = [&] { store.tell(); }};
        const auto strategy = make({cache, store, *runtime_, settings});
        tasks_.spawn("driver", [&] {
            result.driven = drive(*runtime_, *strategy, *judges_, spec, driving, hooks, stop);
            result.at_stop = audited();
            result.exposure_writes_max = judges_->exposure.writes_max();
            strategy->drain();
            result.after_drain = audited();
        });
        runtime_->run();
        result.store = store.counts();
        result.cache = cache.counts();
        return result;
    }

private:
    void load(Key key) {
        far_store_->put(key, Bytes::make(Header::size_bytes,
                                         [&](std::span<char> to) { seal(key, Header{}, to); }));
    }

    void note_stored(const Stored& stored) {
        if (stored.header) {
            judges_->exposure.note_stored(stored.key, *stored.header, runtime_->now());
        } else {
            judges_->exposure.note_deleted(stored.key, runtime_->now());
        }
    }

    Divergence audited() {
        const auto seen_of = [](Key key, const Row& row) {
            return row.bytes ? unseal(key, row.bytes->view()) : Seen();
        };
        return audit(
            judges_->oracle, spec.keys,
            [&](const std::function<void(Key, const Seen&)>& see) {
                far_cache_->visit(runtime_->now(), [&](Key key, const Cached& cached) {
                    see(key, seen_of(key, cached.row));
                });
            },
            [&](Key key) { return seen_of(key, *far_store_->get(key)); });
    }

    std::unique_ptr<Runtime> runtime_ = make_virtual_runtime();
    TaskGroup tasks_{*runtime_};
    std::unique_ptr<LocalCache> far_cache_;
    std::unique_ptr<Store> inner_store_;
    std::unique_ptr<Store> far_store_ = make_memory_store();
    std::unique_ptr<Judges> judges_;
};

}  // namespace stalemark
