// SPDX-License-Identifier: Apache-2.0
// One receiver's end of the bus: what is under way to it, and the task that delivers it.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "events/agenda.h"
#include "events/bus_counts.h"
#include "events/bus_settings.h"
#include "events/delivery.h"
#include "events/subscriber.h"
#include "runtime/semaphore.h"
#include "runtime/task_group.h"

namespace stalemark {

class Inbox {
public:
    // Starts the task; it gives a place to `ended` as its last deed.
    Inbox(Runtime& runtime, const BusSettings& settings, std::uint32_t node,
          Subscriber& subscriber, const BusWatch& watch, Semaphore& ended);

    // Events of one publisher that are sent together, at `now`. Never waits. Requires: what a
    // publisher sends, it sends one after another, heartbeats too.
    void send(std::span<const Event> batch, Instant now);

    // The `number`th heartbeat of this publisher.
    void send_heartbeat(std::uint32_t publisher, std::uint64_t newest, std::uint64_t number,
                        Instant now);

    // Calls on the delivering task, between two deliveries.
    void call_at(Instant when, std::function<void()> call);

    // Nothing more will be sent; the task ends when all is delivered, or at `give_up_at`.
    void close(Instant give_up_at);

    // Complete and final once the task has ended.
    BusCounts counts() const;

private:
    struct Message {
        enum class Kind : std::uint8_t { event, heartbeat, call };
        Kind kind = Kind::event;
        bool is_copy = false;
        Event event;  // A heartbeat's: publisher and newest number; a call's: its number.
    };

    void work();
    void deliver(const Message& message);
    void deliver_event(const Message& message);
    void lose_at_arrival(const Event& event);
    void make_call(std::uint64_t number);
    void lose(std::span<const Event> batch);
    Instant arrival(std::uint32_t publisher, Instant sent, const Delivery& delivery);
    void add(Instant due, std::span<const Event> batch, bool is_copy);

    Runtime& runtime_;
    const BusSettings& settings_;
    const std::uint32_t node_;
    Subscriber& subscriber_;
    const BusWatch& watch_;
    Semaphore& ended_;
    Agenda<Message> under_way_;

    mutable std::mutex guard_;  // Of all below; never held while parked.
    BusCounts counts_;
    std::vector<Instant> in_order_until_;          // Of each publisher.
    std::vector<std::uint64_t> newest_delivered_;  // Of each publisher.
    std::map<std::uint64_t, std::function<void()>> calls_;
    std::uint64_t calls_made_ = 0;
    TaskGroup delivering_;  // The last member: the first to go.
};

}  // namespace stalemark
