// SPDX-License-Identifier: Apache-2.0
// Ends a simulation that would go on for ever.

#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/types.h"
#include "core/units.h"

namespace stalemark {

class Watchdog {
public:
    struct Limits {
        Instant latest = never;                             // Of the clock.
        std::uint64_t events_max = ~0ULL;                   // In all.
        std::uint64_t events_an_instant_max = 100'000'000;  // Time seems to stand still.
    };

    explicit Watchdog(const Limits& limits) : limits_(limits) {}

    // Whether the next event may come, at `when`. Counts it if so.
    bool allows(Instant when) {
        at_instant_ = when == last_ ? at_instant_ + 1 : 0;
        if (when > limits_.latest || events_ == limits_.events_max ||
            at_instant_ > limits_.events_an_instant_max) {
            return false;
        }
        last_ = when;
        ++events_;
        return true;
    }

    // What is wrong with the event that may not come: `whose`.
    std::string complaint(std::string_view whose) const {
        if (at_instant_ > limits_.events_an_instant_max) {
            return fmt::format("virtual time stands still at {}: {} events, the last of {}",
                               format_duration(last_), at_instant_, whose);
        }
        if (events_ == limits_.events_max) {
            return fmt::format("the simulation would pass its limit of {} events; next is {}",
                               limits_.events_max, whose);
        }
        return fmt::format("virtual time would pass its limit of {}; next is {}",
                           format_duration(limits_.latest), whose);
    }

    std::uint64_t events() const { return events_; }

private:
    const Limits limits_;
    Instant last_{0};
    std::uint64_t events_ = 0;
    std::uint64_t at_instant_ = 0;
};

}  // namespace stalemark
