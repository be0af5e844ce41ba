// SPDX-License-Identifier: Apache-2.0
// A node's end of the bus: drops duplicates, notices gaps and does about them what it is told.

#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "core/counts.h"
#include "core/random.h"
#include "events/bus.h"
#include "events/gap_detector.h"

namespace stalemark {

// The near cache, as the bus sees it. Called on the node's delivering task; may wait.
class Invalidated {
public:
    virtual ~Invalidated() = default;

    virtual void invalidate(const Event& event) = 0;  // May be called twice with one event.
    virtual void clear() = 0;                         // Events were missed; nobody knows which.
};

// What a receiver does about events that it has missed.
enum class OnGap : std::uint8_t {
    none,       // Counts them.
    clear,      // Drops everything that it holds.
    reconcile,  // Asks the publisher for them; drops everything if it does not keep them.
};
constexpr std::array<std::string_view, 3> on_gap_names = {"none", "clear", "reconcile"};

struct ReceiverSettings {
    OnGap on_gap = OnGap::none;

    // How long a missing event may be late before it is given up. 0: not at all.
    Duration grace = std::chrono::milliseconds(20);
};

struct ReceiverCounts {
    std::uint64_t applied = 0;     // Events handed on, recovered ones included.
    std::uint64_t duplicates = 0;  // Dropped.
    std::uint64_t gaps = 0;        // Declared; a run of missing events is one gap.
    std::uint64_t missed = 0;      // Events in them.

    // Missed events that were only late and came after all: gaps that need not have been
    // declared.
    std::uint64_t false_alarms = 0;

    std::uint64_t clears = 0;
    std::uint64_t requests = 0;       // For the events of one gap.
    std::uint64_t recovered = 0;      // Events had that way.
    std::uint64_t unrecoverable = 0;  // Requests for events that were no longer kept.

    ReceiverCounts& operator+=(const ReceiverCounts& other) {
        return *this = sum_of(*this, other);
    }
    ReceiverCounts operator-(const ReceiverCounts& earlier) const {
        return difference_of(*this, earlier);
    }
};

class Receiver final : public Subscriber {
public:
    // Subscribes `node`. Must live until the bus is drained.
    Receiver(Runtime& runtime, Bus& bus, std::uint32_t node, Invalidated& near_cache,
             const ReceiverSettings& settings);

    void on_event(const Event& event) override;
    void on_heartbeat(std::uint32_t publisher, std::uint64_t newest) override;

    ReceiverCounts counts() const;

private:
    // One publisher, as seen from here.
    struct Source {
        GapDetector detector;
        bool is_alarm_set = false;  // For its next gap to be declared.
    };

    Source& source_of(std::uint32_t publisher);
    bool is_to_apply(Receipt arrival);
    void apply(const Event& event);
    void watch(std::uint32_t publisher);
    void settle(std::uint32_t publisher);
    void clear();
    void ask(std::uint32_t publisher, const Gap& gap);
    void answer(std::uint32_t publisher, const std::optional<std::vector<Event>>& events);
    Instant end_of_trip();
    void count(std::uint64_t ReceiverCounts::* what, std::uint64_t number = 1);

    Runtime& runtime_;
    Bus& bus_;
    const std::uint32_t node_;
    Invalidated& near_cache_;
    const ReceiverSettings settings_;

    // Of the delivering task alone.
    std::vector<Source> sources_;
    Random trips_;  // Delays of requests and answers.

    mutable std::mutex guard_;  // Of counts_; never held while parked.
    ReceiverCounts counts_;
};

}  // namespace stalemark
