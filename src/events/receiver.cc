// SPDX-License-Identifier: Apache-2.0
#include "events/receiver.h"

#include <utility>

#include "events/delivery.h"

namespace stalemark {

Receiver::Receiver(Runtime& runtime, Bus& bus, std::uint32_t node, Invalidated& near_cache,
                   const ReceiverSettings& settings)
    : runtime_(runtime),
      bus_(bus),
      node_(node),
      near_cache_(near_cache),
      settings_(settings),
      sources_(bus.settings().publishers(), Source{GapDetector(settings.grace)}),
      trips_(Random::named(bus.settings().seed, "bus request", node)) {
    bus_.subscribe(node_, *this);
}

void Receiver::on_event(const Event& event) {
    Source& source = source_of(event.publisher);
    if (is_to_apply(source.detector.arrived(event.sequence, runtime_.now()))) apply(event);
    watch(event.publisher);
}

void Receiver::on_heartbeat(std::uint32_t publisher, std::uint64_t newest) {
    source_of(publisher).detector.heard_of(newest, runtime_.now());
    watch(publisher);
}

Receiver::Source& Receiver::source_of(std::uint32_t publisher) {
    return sources_[bus_.settings().place_of(publisher)];
}

bool Receiver::is_to_apply(Receipt arrival) {
    switch (arrival) {
        case Receipt::expected:
        case Receipt::forgotten:
            return true;
        case Receipt::given_up:
            count(&ReceiverCounts::false_alarms);
            return true;
        case Receipt::recovered:
            count(&ReceiverCounts::false_alarms);
            return false;
        case Receipt::duplicate:
            count(&ReceiverCounts::duplicates);
    }
    return false;
}

void Receiver::apply(const Event& event) {
    count(&ReceiverCounts::applied);
    near_cache_.invalidate(event);
}

// One alarm at a time: if there is more to declare after it, it sets the next.
void Receiver::watch(std::uint32_t publisher) {
    Source& source = source_of(publisher);
    if (source.is_alarm_set) return;
    const std::optional<Instant> deadline = source.detector.next_deadline();
    if (!deadline) return;
    if (settings_.grace == Duration{0}) {
        settle(publisher);
        return;
    }
    source.is_alarm_set = true;
    bus_.call_at(node_, *deadline, [this, publisher] {
        source_of(publisher).is_alarm_set = false;
        settle(publisher);
        watch(publisher);
    });
}

void Receiver::settle(std::uint32_t publisher) {
    const std::vector<Gap> gaps = source_of(publisher).detector.declare(
        [this](Instant deadline) { return runtime_.is_over(deadline, Timer::work); });
    for (const Gap& gap : gaps) {
        count(&ReceiverCounts::gaps);
        count(&ReceiverCounts::missed, gap.size());
        if (settings_.on_gap == OnGap::reconcile) ask(publisher, gap);
    }
    if (settings_.on_gap == OnGap::clear && !gaps.empty()) clear();
}

void Receiver::clear() {
    count(&ReceiverCounts::clears);
    near_cache_.clear();
}

// There and back takes two trips; what the publisher still keeps is seen in between.
void Receiver::ask(std::uint32_t publisher, const Gap& gap) {
    count(&ReceiverCounts::requests);
    bus_.call_at(node_, end_of_trip(), [this, publisher, gap] {
        bus_.call_at(node_, end_of_trip(),
                     [this, publisher, kept = bus_.kept(publisher, gap.first, gap.last)] {
                         answer(publisher, kept);
                     });
    });
}

void Receiver::answer(std::uint32_t publisher,
                      const std::optional<std::vector<Event>>& events) {
    if (!events) {
        count(&ReceiverCounts::unrecoverable);
        clear();
        return;
    }
    for (const Event& event : *events) {
        if (!source_of(publisher).detector.recover(event.sequence)) continue;
        count(&ReceiverCounts::recovered);
        apply(event);
    }
}

// A request is not published but called for, and again when the bus is out of order: it is not
// lost but waits for the end of the outage.
Instant Receiver::end_of_trip() {
    const BusSettings& settings = bus_.settings();
    return after_outages(settings, runtime_.now()) + draw(settings.delay, trips_);
}

void Receiver::count(std::uint64_t ReceiverCounts::* what, std::uint64_t number) {
    const std::lock_guard lock(guard_);
    counts_.*what += number;
}

ReceiverCounts Receiver::counts() const {
    const std::lock_guard lock(guard_);
    return counts_;
}

}  // namespace stalemark
