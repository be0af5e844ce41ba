// SPDX-License-Identifier: Apache-2.0
// Who listens to the bus: the node that receives, and those who watch what becomes of events.

#pragma once

#include <cstdint>
#include <functional>

#include "events/event.h"

namespace stalemark {

// One node's end of the bus. Called on the node's delivering task, one call at a time; may
// wait, and then what arrives meanwhile waits, too.
class Subscriber {
public:
    virtual ~Subscriber() = default;

    virtual void on_event(const Event& event) = 0;

    // `newest` is the number of the publisher's newest event when it sent the heartbeat.
    virtual void on_heartbeat(std::uint32_t publisher, std::uint64_t newest) = 0;
};

// For judges and histograms. Each may be empty.
struct BusWatch {
    // On the receiver's task, just before the subscriber is called; copies of an event, too.
    // The duration is the time since the event was published.
    std::function<void(std::uint32_t node, const Event&, Duration)> on_delivered;

    // On the task that sends, under a lock of the bus: must neither wait nor call the bus.
    std::function<void(std::uint32_t node, const Event&)> on_lost;
};

}  // namespace stalemark
