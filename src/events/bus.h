// SPDX-License-Identifier: Apache-2.0
// The invalidation bus: what one node publishes, every other receives - late, perhaps twice,
// perhaps out of order, perhaps never.
//
// Each receiver has one task, which sleeps until the next event is due; publishing never waits.
// What is modelled, and where the defaults of real buses lie, is told in docs/invalidation.md.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "events/agenda.h"
#include "events/bus_counts.h"
#include "events/bus_settings.h"
#include "events/inbox.h"
#include "events/subscriber.h"
#include "runtime/semaphore.h"
#include "runtime/task_group.h"

namespace stalemark {

class Bus {
public:
    Bus(Runtime& runtime, BusSettings settings, BusWatch watch = {});

    // What is published from now on reaches `subscriber`, on a task of its own. A node without
    // a subscriber receives nothing. Requires: before the first event; once a node.
    void subscribe(std::uint32_t node, Subscriber& subscriber);

    // Sends the event to all nodes but its publisher; fills in its number and instant. Never
    // waits. False: the bus is closed and the event was not taken.
    bool publish(Event event);

    // Closes the bus, waits until all that is under way is delivered, and ends the tasks; what
    // is not delivered within `limit` is abandoned. False if there was such. Called from a
    // task, or the bus's tasks wait for events as long as it lives.
    bool drain(Duration limit);

    BusCounts counts() const;
    const BusSettings& settings() const { return settings_; }

    // Calls on the task that delivers to `node`, between two deliveries; drain() waits for it.
    // Requires: that node has a subscriber.
    void call_at(std::uint32_t node, Instant when, std::function<void()> call);

    // The events `first` to `last` of this publisher, or nothing if it does not keep them all
    // any more.
    std::optional<std::vector<Event>> kept(std::uint32_t publisher, std::uint64_t first,
                                           std::uint64_t last) const;

private:
    struct Publisher {
        // Of all below. Held while it sends, so that the order of its numbers is that of its
        // sending. Never while parked.
        mutable std::mutex guard;
        bool closed = false;
        std::uint64_t published = 0;
        std::uint64_t heartbeats = 0;
        std::vector<Event> batch;  // Not sent yet.
        Instant batch_due{0};
        std::deque<Event> kept;  // The last ones published.
    };

    void work();
    Publisher& publisher_of(std::uint32_t publisher) const;
    void keep(Publisher& publisher, const Event& event) const;
    void send(Publisher& publisher, Instant now);
    void send_when_due(std::uint32_t publisher);
    void beat(std::uint32_t publisher);

    Runtime& runtime_;
    const BusSettings settings_;
    const BusWatch watch_;
    Semaphore ended_;                              // A place for each task that has ended.
    std::uint64_t tasks_ = 0;                      // Whose end drain() has to wait for.
    std::vector<std::unique_ptr<Inbox>> inboxes_;  // By node.
    std::vector<std::unique_ptr<Publisher>> publishers_;  // By node; the last is the log.
    Agenda<std::function<void()>> timer_;                 // Of batches and heartbeats.
    TaskGroup timing_;                                    // The last member: the first to go.
};

}  // namespace stalemark
