// SPDX-License-Identifier: Apache-2.0
// What happens to one message on its way to one receiver. A function of the seed and of whose
// message it is, not of what else is under way: two runs lose the same events as long as they
// publish the same ones, and no knob changes what another one draws.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/random.h"
#include "core/types.h"
#include "events/bus_settings.h"

namespace stalemark {

struct Delivery {
    bool is_lost = false;
    bool is_held_back = false;
    Duration delay{0};                   // Of a message that is held back, too.
    Duration hold_back{0};               // On top of it.
    std::optional<Duration> copy_delay;  // Of a second copy; nothing: there is none.
};

// `stream` tells events from heartbeats; `number` is the message's among its publisher's.
Delivery draw_delivery(const BusSettings& settings, std::string_view stream,
                       std::uint32_t publisher, std::uint32_t receiver, std::uint64_t number);

// The same message had nothing gone wrong.
Delivery undisturbed(Delivery delivery);

// Whether anything can go wrong yet at `when`.
bool are_faults_on(const BusSettings& settings, Instant when);

// Whether what is sent at `when` falls into an outage.
bool is_outage(const BusSettings& settings, Instant when);

// `when`, or the end of the outage that it falls into.
Instant after_outages(const BusSettings& settings, Instant when);

Duration draw(const Distribution& distribution, Random& random);

}  // namespace stalemark
