// SPDX-License-Identifier: Apache-2.0
// Every knob of the bus, with its default: a perfect one.

#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

#include "core/distribution.h"
#include "core/types.h"

namespace stalemark {

// All that is sent from `from` on and before `to` is lost.
struct Outage {
    Instant from{0};
    Instant to{0};
};

struct BusSettings {
    std::uint32_t nodes = 1;
    std::uint64_t seed = 1;

    Distribution delay{0};   // One way, ns; drawn for each message and receiver.
    double loss = 0;         // Share of messages that never arrive; drawn for each receiver.
    double duplication = 0;  // Share that arrives twice, each copy after a delay of its own.

    // Share that is held back for `hold_back` (ns) on top of its delay, so that later ones may
    // overtake it. All others of a publisher reach a receiver in the order of their sending, as
    // over one TCP connection: none arrives before the one that was sent before it.
    double reordering = 0;
    Distribution hold_back{0};

    std::vector<Outage> outages;

    // If any: the instant from which all of the above go wrong, and from which outages count.
    // Before it the bus is perfect. nullptr: the beginning.
    const std::atomic<Instant>* faults_from = nullptr;

    // A publisher sends once so many events wait, or the first has waited for so long. What is
    // sent together is one message: it has one delay, and is lost, doubled or held back as one.
    std::uint64_t batch_max = 1;
    Duration batch_delay{0};  // 0: every event is sent at once.

    // How often a publisher tells the number of its newest event, from its first one on. 0:
    // never.
    Duration heartbeat{0};

    std::uint64_t kept_events = 0;  // How many of its last events a publisher can repeat.

    // Publishers have places in tables: the nodes theirs, the commit log the one after.
    std::size_t publishers() const { return std::size_t{nodes} + 1; }
    std::size_t place_of(std::uint32_t publisher) const { return std::min(publisher, nodes); }
};

}  // namespace stalemark
