// SPDX-License-Identifier: Apache-2.0
// One application node: its near cache, if it has one, its ear on the bus and its strategy.

#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "assembly/system_settings.h"
#include "caches/layered_cache.h"
#include "events/publisher.h"
#include "events/receiver.h"
#include "guards/checked_cache.h"
#include "guards/informed_cache.h"
#include "measure/lost_events.h"
#include "strategies/strategy.h"
#include "wire/wired_cache.h"
#include "wire/wired_store.h"

namespace stalemark {

// What all nodes have in common.
struct Common {
    const SystemSettings& system;
    Runtime& runtime;
    Store& store;
    Cache* shared_cache = nullptr;       // With its wire; nullptr: there is none.
    Cache* leases = nullptr;             // Beside the shared cache.
    Cache* locks = nullptr;              // Likewise, if the guard locks.
    Bus* bus = nullptr;                  // nullptr: nobody tells of writes.
    LostEvents* lost_events = nullptr;   // Beside the bus.
    Disturbance* near_faults = nullptr;  // Of the near caches' wires, if any.
};

// What the invalidations of a node came to.
struct InvalidationCounts {
    std::uint64_t heard = 0;          // Events that reached the near cache.
    std::uint64_t useless = 0;        // Of those: there was nothing to drop.
    std::uint64_t fills_refused = 0;  // Older than an event that was heard before.
};

class Node final : public Invalidated {
public:
    Node(const Common& common, std::uint32_t number);

    Strategy& strategy() { return *strategy_; }
    // nullptr: it has none.
    LocalCache* near_cache() { return near_cache_.get(); }
    const LocalCache* near_cache() const { return near_cache_.get(); }

    // Of the near cache, with what faults did to it. Requires: there is one.
    CacheCounts counts() const {
        return wired_cache_ ? wired_cache_->counts() : near_cache_->counts();
    }

    void invalidate(const Event& event) override;
    void clear() override;

    InvalidationCounts invalidations() const;
    ReceiverCounts received() const {
        return receiver_ ? receiver_->counts() : ReceiverCounts();
    }

private:
    Cache& assemble_cache(const Common& common);
    Cache& assemble_near(const Common& common);
    Cache* locks_of(const Common& common);

    Runtime& runtime_;
    const std::uint32_t number_;
    const Settings settings_;
    LostEvents* const lost_events_;
    std::unique_ptr<LocalCache> near_cache_;
    std::unique_ptr<LocalCache> own_locks_;  // Where none are shared and the guard wants some.
    std::unique_ptr<EventCheck> check_;      // Where it is told of changes;
    std::unique_ptr<Guard> hearing_;         // likewise.
    std::optional<InformedCache> informed_cache_;
    std::optional<Wire> wire_;
    std::optional<WiredCache> wired_cache_;
    std::optional<CheckedCache> checked_shared_;
    std::optional<LayeredCache> layered_cache_;
    std::optional<Receiver> receiver_;
    std::optional<Publisher> publisher_;
    std::unique_ptr<Strategy> strategy_;
    std::atomic<std::uint64_t> heard_ = 0;
    std::atomic<std::uint64_t> useless_ = 0;
};

}  // namespace stalemark
