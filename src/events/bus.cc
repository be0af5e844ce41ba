// SPDX-License-Identifier: Apache-2.0
#include "events/bus.h"

#include <utility>

namespace stalemark {

Bus::Bus(Runtime& runtime, BusSettings settings, BusWatch watch)
    : runtime_(runtime),
      settings_(std::move(settings)),
      watch_(std::move(watch)),
      ended_(runtime, 0),
      inboxes_(settings_.nodes),
      timer_(runtime, "a batch or a heartbeat to be due"),
      timing_(runtime) {
    for (std::size_t i = 0; i < settings_.publishers(); ++i) {
        publishers_.push_back(std::make_unique<Publisher>());
    }
    if (settings_.batch_delay == Duration{0} && settings_.heartbeat == Duration{0}) return;
    ++tasks_;
    timing_.spawn("bus timer", [this] { work(); });
}

void Bus::work() {
    while (const auto call = timer_.next()) (*call)();
    ended_.release();
}

void Bus::subscribe(std::uint32_t node, Subscriber& subscriber) {
    ++tasks_;
    inboxes_.at(node) =
        std::make_unique<Inbox>(runtime_, settings_, node, subscriber, watch_, ended_);
}

Bus::Publisher& Bus::publisher_of(std::uint32_t publisher) const {
    return *publishers_[settings_.place_of(publisher)];
}

bool Bus::publish(Event event) {
    runtime_.point({"bus", "publish", event.key});
    Publisher& publisher = publisher_of(event.publisher);
    const std::lock_guard lock(publisher.guard);
    if (publisher.closed) return false;
    const Instant now = runtime_.now();
    event.sequence = ++publisher.published;
    event.published = now;
    keep(publisher, event);
    publisher.batch.push_back(event);

    const bool is_first = event.sequence == 1;
    if (settings_.batch_delay == Duration{0} || publisher.batch.size() >= settings_.batch_max) {
        send(publisher, now);
    } else if (publisher.batch.size() == 1) {
        publisher.batch_due = now + settings_.batch_delay;
        timer_.add(publisher.batch_due,
                   [this, name = event.publisher] { send_when_due(name); });
    }
    if (is_first && settings_.heartbeat > Duration{0}) {
        timer_.add(now + settings_.heartbeat, [this, name = event.publisher] { beat(name); });
    }
    return true;
}

void Bus::keep(Publisher& publisher, const Event& event) const {
    if (settings_.kept_events == 0) return;
    if (publisher.kept.size() == settings_.kept_events) publisher.kept.pop_front();
    publisher.kept.push_back(event);
}

void Bus::send(Publisher& publisher, Instant now) {
    if (publisher.batch.empty()) return;
    const std::uint32_t name = publisher.batch.front().publisher;
    for (std::uint32_t node = 0; node < settings_.nodes; ++node) {
        if (node != name && inboxes_[node]) inboxes_[node]->send(publisher.batch, now);
    }
    publisher.batch.clear();
}

// A batch that was full earlier has left a timer behind that is not the next one's.
void Bus::send_when_due(std::uint32_t publisher) {
    Publisher& from = publisher_of(publisher);
    const std::lock_guard lock(from.guard);
    const Instant now = runtime_.now();
    if (runtime_.is_over(from.batch_due, Timer::work)) send(from, now);
}

// An event that waits in a batch is not missing yet, so the heartbeat does not tell of it.
void Bus::beat(std::uint32_t publisher) {
    Publisher& from = publisher_of(publisher);
    const std::lock_guard lock(from.guard);
    if (from.closed) return;
    const Instant now = runtime_.now();
    const std::uint64_t newest = from.published - from.batch.size();
    ++from.heartbeats;
    for (std::uint32_t node = 0; node < settings_.nodes; ++node) {
        if (node == publisher || !inboxes_[node]) continue;
        inboxes_[node]->send_heartbeat(publisher, newest, from.heartbeats, now);
    }
    timer_.add(now + settings_.heartbeat, [this, publisher] { beat(publisher); });
}

bool Bus::drain(Duration limit) {
    const Instant now = runtime_.now();
    const Instant give_up_at = limit < never - now ? now + limit : never;
    for (const auto& publisher : publishers_) {
        const std::lock_guard lock(publisher->guard);
        send(*publisher, now);
        publisher->closed = true;
    }
    timer_.close(now);
    for (const auto& inbox : inboxes_) {
        if (inbox) inbox->close(give_up_at);
    }
    for (; tasks_ > 0; --tasks_) ended_.acquire("events to be delivered");
    return counts().abandoned == 0;
}

BusCounts Bus::counts() const {
    BusCounts counts;
    for (const auto& publisher : publishers_) {
        const std::lock_guard lock(publisher->guard);
        counts.published += publisher->published;
    }
    for (const auto& inbox : inboxes_) {
        if (inbox) counts += inbox->counts();
    }
    return counts;
}

void Bus::call_at(std::uint32_t node, Instant when, std::function<void()> call) {
    inboxes_.at(node)->call_at(when, std::move(call));
}

std::optional<std::vector<Event>> Bus::kept(std::uint32_t publisher, std::uint64_t first,
                                            std::uint64_t last) const {
    const Publisher& from = publisher_of(publisher);
    const std::lock_guard lock(from.guard);
    if (from.kept.empty() || first < from.kept.front().sequence) return std::nullopt;
    const auto begin =
        from.kept.begin() + static_cast<std::ptrdiff_t>(first - from.kept.front().sequence);
    return std::vector(begin, begin + static_cast<std::ptrdiff_t>(last - first + 1));
}

}  // namespace stalemark
