// SPDX-License-Identifier: Apache-2.0
// What is to come, earliest first: a heap in which each event has four below it, so that it is
// half as deep as a binary one and a step down it touches two cache lines.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/random.h"
#include "core/types.h"

namespace stalemark {

template <typename Owner>
class EventQueue {
public:
    struct Event {
        Instant when{0};          // Not before 0.
        std::uint64_t order = 0;  // Breaks ties. No two events have the same.
        Owner* owner = nullptr;

        bool operator<(const Event& other) const { return rank() < other.rank(); }

    private:
        // One comparison without a branch.
        Wide rank() const {
            return Wide(static_cast<std::uint64_t>(when.count())) << 64 | order;
        }
    };

    bool empty() const { return events_.empty(); }

    // Requires: not empty().
    const Event& first() const { return events_.front(); }

    void add(const Event& event) {
        events_.push_back(event);
        std::size_t place = events_.size() - 1;
        for (; place > 0 && event < events_[(place - 1) / fan]; place = (place - 1) / fan) {
            events_[place] = events_[(place - 1) / fan];
        }
        events_[place] = event;
    }

    // Requires: not empty().
    Event take() {
        const Event taken = first();
        const Event last = events_.back();
        events_.pop_back();
        if (!events_.empty()) sink(last);
        return taken;
    }

    // As add() and then take(), which may be the very event added.
    Event exchange(const Event& event) {
        if (empty() || event < first()) return event;
        const Event taken = first();
        sink(event);
        return taken;
    }

private:
    static constexpr std::size_t fan = 4;

    // Puts the event where it belongs, from the top down; the first one is gone.
    void sink(const Event& event) {
        std::size_t place = 0;
        for (;;) {
            const std::size_t below = place * fan + 1;
            if (below >= events_.size()) break;
            const std::size_t end = std::min(below + fan, events_.size());
            std::size_t least = below;
            for (std::size_t i = below + 1; i < end; ++i) {
                least = events_[i] < events_[least] ? i : least;
            }
            if (event < events_[least]) break;
            events_[place] = events_[least];
            place = least;
        }
        events_[place] = event;
    }

    std::vector<Event> events_;
};

}  // namespace stalemark
