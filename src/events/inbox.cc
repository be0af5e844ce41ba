// SPDX-License-Identifier: Apache-2.0
#include "events/inbox.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace stalemark {

Inbox::Inbox(Runtime& runtime, const BusSettings& settings, std::uint32_t node,
             Subscriber& subscriber, const BusWatch& watch, Semaphore& ended)
    : runtime_(runtime),
      settings_(settings),
      node_(node),
      subscriber_(subscriber),
      watch_(watch),
      ended_(ended),
      under_way_(runtime, "an event"),
      in_order_until_(settings.publishers()),
      newest_delivered_(settings.publishers()),
      delivering_(runtime) {
    delivering_.spawn(fmt::format("events to node {}", node), [this] { work(); });
}

void Inbox::send(std::span<const Event> batch, Instant now) {
    const Event& first = batch.front();
    Delivery delivery =
        draw_delivery(settings_, "bus event", first.publisher, node_, first.sequence);
    if (!are_faults_on(settings_, now)) delivery = undisturbed(delivery);
    if (delivery.is_lost || is_outage(settings_, now)) {
        lose(batch);
        return;
    }

    Instant due;
    {
        const std::lock_guard lock(guard_);
        due = arrival(first.publisher, now, delivery);
        counts_.offered += batch.size();
        if (delivery.is_held_back) counts_.held_back += batch.size();
        if (delivery.copy_delay) counts_.duplicated += batch.size();
    }
    add(due, batch, false);
    if (delivery.copy_delay) add(std::max(due, now + *delivery.copy_delay), batch, true);
}

void Inbox::lose(std::span<const Event> batch) {
    {
        const std::lock_guard lock(guard_);
        counts_.offered += batch.size();
        counts_.lost += batch.size();
    }
    if (!watch_.on_lost) return;
    for (const Event& event : batch) watch_.on_lost(node_, event);
}

// Not before what this publisher sent earlier, unless that is held back.
Instant Inbox::arrival(std::uint32_t publisher, Instant sent, const Delivery& delivery) {
    Instant& until = in_order_until_[settings_.place_of(publisher)];
    const Instant in_order = std::max(sent + delivery.delay, until);
    if (delivery.is_held_back) return in_order + delivery.hold_back;
    return until = in_order;
}

void Inbox::add(Instant due, std::span<const Event> batch, bool is_copy) {
    for (const Event& event : batch)
        under_way_.add(due, {Message::Kind::event, is_copy, event});
}

void Inbox::send_heartbeat(std::uint32_t publisher, std::uint64_t newest, std::uint64_t number,
                           Instant now) {
    Delivery delivery = draw_delivery(settings_, "bus heartbeat", publisher, node_, number);
    if (!are_faults_on(settings_, now)) delivery = undisturbed(delivery);
    Instant due;
    {
        const std::lock_guard lock(guard_);
        ++counts_.heartbeats;
        if (delivery.is_lost || is_outage(settings_, now)) {
            ++counts_.heartbeats_lost;
            return;
        }
        due = arrival(publisher, now, delivery);
    }
    const Event told = {.publisher = publisher, .sequence = newest};
    under_way_.add(due, {Message::Kind::heartbeat, false, told});
}

void Inbox::call_at(Instant when, std::function<void()> call) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(guard_);
        number = ++calls_made_;
        calls_[number] = std::move(call);
    }
    under_way_.add(when, {Message::Kind::call, false, {.sequence = number}});
}

void Inbox::close(Instant give_up_at) { under_way_.close(give_up_at); }

BusCounts Inbox::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

void Inbox::work() {
    while (const auto message = under_way_.next()) deliver(*message);
    {
        const std::lock_guard lock(guard_);
        counts_.abandoned += static_cast<std::uint64_t>(
            std::ranges::count(under_way_.left(), Message::Kind::event, &Message::kind));
    }
    ended_.release();
}

void Inbox::deliver(const Message& message) {
    const Event& told = message.event;
    switch (message.kind) {
        case Message::Kind::event:
            deliver_event(message);
            break;
        case Message::Kind::heartbeat:
            subscriber_.on_heartbeat(told.publisher, told.sequence);
            break;
        case Message::Kind::call:
            make_call(told.sequence);
            break;
    }
}

void Inbox::make_call(std::uint64_t number) {
    std::function<void()> call;
    {
        const std::lock_guard lock(guard_);
        call = std::move(calls_.extract(number).mapped());
    }
    call();
}

void Inbox::lose_at_arrival(const Event& event) {
    {
        const std::lock_guard lock(guard_);
        ++counts_.lost;
    }
    if (watch_.on_lost) watch_.on_lost(node_, event);
}

void Inbox::deliver_event(const Message& message) {
    const Event& event = message.event;
    runtime_.point({"bus", "deliver", event.key});
    if (runtime_.is_lost()) return lose_at_arrival(event);
    {
        const std::lock_guard lock(guard_);
        std::uint64_t& newest = newest_delivered_[settings_.place_of(event.publisher)];
        ++counts_.delivered;
        if (event.sequence < newest && !message.is_copy) ++counts_.reordered;
        newest = std::max(newest, event.sequence);
    }
    if (watch_.on_delivered) {
        watch_.on_delivered(node_, event, runtime_.now() - event.published);
    }
    subscriber_.on_event(event);
}

}  // namespace stalemark
