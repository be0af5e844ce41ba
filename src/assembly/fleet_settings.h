// SPDX-License-Identifier: Apache-2.0
// How many nodes there are, how their caches are layered and how they hear of each other's
// writes.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "events/receiver.h"
#include "guards/event_checks.h"
#include "wire/wire.h"

namespace stalemark {

enum class EventSource : std::uint8_t {
    application,  // The node that writes tells the others once the store has the change.
    log,          // Somebody follows the store's commit log and tells every node.
};
constexpr std::array<std::string_view, 2> event_source_names = {"application", "log"};

// The store's log is read this often, at most so many changes at a time.
constexpr std::size_t log_batch_max = 1'000;

struct EventSettings {
    EventSource source = EventSource::application;
    BusSettings bus;
    ReceiverSettings receiver;
    const EventCheckEntry* check = &no_event_check();  // Of near caches.
    bool first = false;  // Sent before the caches are treated, not after.
    Duration log_poll = std::chrono::milliseconds(10);
};

struct FleetSettings {
    std::uint32_t nodes = 1;

    // Each node has a cache of its own; else all share the one cache that there is.
    bool has_near = true;

    // Of a cache behind the near ones that all nodes share; nothing: none.
    std::optional<std::uint64_t> shared_bytes;
    WireSettings shared_wire;
    bool restarts_ttl = false;                // A near copy of a shared entry begins anew.
    Duration near_ttl_max = Duration::max();  // No near copy lives longer.
    std::optional<EventSettings> events;      // Nothing: nobody is told of a write.

    // Whether there is more than one cache to keep together.
    bool is_fleet() const { return (has_near && nodes > 1) || shared_bytes || events; }
};

}  // namespace stalemark
