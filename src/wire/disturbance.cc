// SPDX-License-Identifier: Apache-2.0
#include "wire/disturbance.h"

#include <cmath>

#include "core/random.h"

namespace stalemark {

Disturbance::Disturbance(const Runtime& runtime, std::span<const Fault> faults,
                         FaultPlace place, std::uint64_t seed)
    : runtime_(runtime),
      seed_(seed),
      count_(faults.size()),
      parts_(std::make_unique<Part[]>(count_)) {
    for (std::size_t i = 0; i < count_; ++i) {
        parts_[i].fault = faults[i];
        parts_[i].is_here = faults[i].entry->place == place;
        is_empty_ = is_empty_ && !parts_[i].is_here;
    }
}

Duration Disturbance::elapsed() const {
    const Instant began = began_.load(std::memory_order_relaxed);
    return began == never ? Duration::min() : runtime_.now() - began;
}

bool Disturbance::strikes(Part& part, Duration now) const {
    const Fault& fault = part.fault;
    if (now < fault.begins || now >= fault.ends) return false;
    if (fault.is_chance()) {
        const std::uint64_t number = part.asked.fetch_add(1, std::memory_order_relaxed);
        Random random = Random::named(seed_, fault.entry->name, number);
        if (random.unit() >= fault.fraction) return false;
    }
    part.hit.fetch_add(1, std::memory_order_relaxed);
    return true;
}

Duration Disturbance::slowed(Duration delay) {
    const Duration now = elapsed();
    for (Part& part : parts()) {
        if (!part.is_here || part.fault.entry->shape != FaultShape::slow_spell) continue;
        if (!strikes(part, now)) continue;
        delay = Duration(std::llround(static_cast<double>(delay.count()) * part.fault.factor));
    }
    return delay;
}

bool Disturbance::fails() {
    const Duration now = elapsed();
    for (Part& part : parts()) {
        const FaultShape shape = part.fault.entry->shape;
        const bool can_fail = shape == FaultShape::spell || shape == FaultShape::chance;
        if (part.is_here && can_fail && strikes(part, now)) return true;
    }
    return false;
}

std::uint64_t Disturbance::flushes() const {
    const Duration now = elapsed();
    std::uint64_t number = 0;
    for (const Part& part : parts()) {
        if (!part.is_here || part.fault.entry->shape != FaultShape::instant) continue;
        if (part.fault.begins <= now) ++number;
    }
    return number;
}

std::vector<std::uint64_t> Disturbance::calls_hit() const {
    std::vector<std::uint64_t> hit;
    for (const Part& part : parts()) hit.push_back(part.hit.load(std::memory_order_relaxed));
    return hit;
}

}  // namespace stalemark
