// SPDX-License-Identifier: Apache-2.0
#include "events/delivery.h"

namespace stalemark {

Duration draw(const Distribution& distribution, Random& random) {
    return Duration(static_cast<Duration::rep>(distribution.sample(random)));
}

Delivery draw_delivery(const BusSettings& settings, std::string_view stream,
                       std::uint32_t publisher, std::uint32_t receiver, std::uint64_t number) {
    const std::uint64_t path = (std::uint64_t{publisher} << 32) | receiver;
    Random random = Random::named(settings.seed, stream, mix(path) + number);
    Delivery delivery;
    delivery.is_lost = random.unit() < settings.loss;
    delivery.is_held_back = random.unit() < settings.reordering;
    const bool has_copy = random.unit() < settings.duplication;
    // A stream for each spread: how often one of them draws must not move the next.
    Random delays(random.next());
    Random holds(random.next());
    delivery.delay = draw(settings.delay, delays);
    if (delivery.is_held_back) delivery.hold_back = draw(settings.hold_back, holds);
    if (has_copy) delivery.copy_delay = draw(settings.delay, delays);
    return delivery;
}

Delivery undisturbed(Delivery delivery) { return {.delay = delivery.delay}; }

bool are_faults_on(const BusSettings& settings, Instant when) {
    return settings.faults_from == nullptr || when >= settings.faults_from->load();
}

bool is_outage(const BusSettings& settings, Instant when) {
    return after_outages(settings, when) != when;
}

Instant after_outages(const BusSettings& settings, Instant when) {
    if (!are_faults_on(settings, when)) return when;
    const Instant from =
        settings.faults_from == nullptr ? Instant{0} : settings.faults_from->load();
    for (bool has_moved = true; has_moved;) {
        has_moved = false;
        for (const Outage& outage : settings.outages) {
            if (when < from + outage.from || when >= from + outage.to) continue;
            when = from + outage.to;
            has_moved = true;
        }
    }
    return when;
}

}  // namespace stalemark
