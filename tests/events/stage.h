// SPDX-License-Identifier: Apache-2.0
// A bus on which a schedule is played in virtual time: nodes that note what reaches them, tasks
// that publish at given instants.

#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/units.h"
#include "events/receiver.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {

using std::chrono::milliseconds;

// A spread of durations as tests write it down: "5ms", "uniform(1ms,3ms)".
inline Distribution delay(std::string_view text) {
    return Distribution::parse(
        text,
        [](std::string_view part) {
            return static_cast<std::uint64_t>(parse_duration(part).count());
        },
        [](std::uint64_t ns) {
            return format_duration(Duration(static_cast<std::int64_t>(ns)));
        });
}

struct Arrived {
    Instant at{0};
    std::uint32_t publisher = 0;
    std::uint64_t sequence = 0;

    bool operator==(const Arrived&) const = default;
};

// A node that notes what it is sent, and takes its time over each event if told to.
class Notebook final : public Subscriber {
public:
    explicit Notebook(Runtime& runtime) : runtime_(runtime) {}

    void on_event(const Event& event) override {
        events.push_back(event);
        arrived.push_back({runtime_.now(), event.publisher, event.sequence});
        if (takes > Duration{0}) runtime_.sleep_for(takes);
    }
    void on_heartbeat(std::uint32_t publisher, std::uint64_t newest) override {
        heartbeats.push_back({runtime_.now(), publisher, newest});
    }

    std::vector<std::uint64_t> sequences() const {
        std::vector<std::uint64_t> numbers;
        for (const Arrived& each : arrived) numbers.push_back(each.sequence);
        return numbers;
    }

    std::vector<Event> events;
    std::vector<Arrived> arrived;
    std::vector<Arrived> heartbeats;
    Duration takes{0};

private:
    Runtime& runtime_;
};

// A near cache that notes what it is told.
class NearCache final : public Invalidated {
public:
    explicit NearCache(Runtime& runtime) : runtime_(runtime) {}

    void invalidate(const Event& event) override {
        invalidated.push_back({runtime_.now(), event.publisher, event.sequence});
    }
    void clear() override { cleared.push_back(runtime_.now()); }

    std::vector<std::uint64_t> sequences() const {
        std::vector<std::uint64_t> numbers;
        for (const Arrived& each : invalidated) numbers.push_back(each.sequence);
        return numbers;
    }

    std::vector<Arrived> invalidated;
    std::vector<Instant> cleared;

private:
    Runtime& runtime_;
};

class BusStage {
public:
    // Settings and watch must be in place before the bus is made.
    BusSettings settings = {.nodes = 3};
    BusWatch watch;
    std::unique_ptr<VirtualRuntime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    std::vector<std::unique_ptr<Notebook>> nodes;
    std::vector<std::unique_ptr<NearCache>> near_caches;
    std::vector<std::unique_ptr<Receiver>> receivers;

    // With nodes that note every event ...
    void make() {
        bus_ = std::make_unique<Bus>(*runtime, settings, watch);
        for (std::uint32_t node = 0; node < settings.nodes; ++node) {
            nodes.push_back(std::make_unique<Notebook>(*runtime));
            bus_->subscribe(node, *nodes.back());
        }
    }

    // ... or with receivers and near caches.
    void make(const ReceiverSettings& receiver_settings) {
        bus_ = std::make_unique<Bus>(*runtime, settings, watch);
        for (std::uint32_t node = 0; node < settings.nodes; ++node) {
            near_caches.push_back(std::make_unique<NearCache>(*runtime));
            receivers.push_back(std::make_unique<Receiver>(
                *runtime, *bus_, node, *near_caches.back(), receiver_settings));
        }
    }

    Bus& bus() { return *bus_; }

    void at(Instant when, std::function<void()> play) {
        tasks.spawn("player", [this, when, play = std::move(play)] {
            runtime->sleep_until(when);
            play();
        });
    }
    void publish_at(Instant when, std::uint32_t publisher = 0) {
        at(when, [this, publisher] { bus().publish({.publisher = publisher}); });
    }

    // As many events of node 0, the first at `gap`.
    void publish_every(Duration gap, int events) {
        tasks.spawn("publisher", [this, gap, events] {
            for (int i = 0; i < events; ++i) {
                runtime->sleep_for(gap);
                bus().publish({.publisher = 0});
            }
        });
    }

    // Plays it all; the bus is drained at this instant.
    void play_until(Instant when) {
        at(when, [this] { is_drained = bus().drain(std::chrono::hours(1)); });
        runtime->run();
    }

    bool is_drained = false;

private:
    std::unique_ptr<Bus> bus_;
};

}  // namespace stalemark
