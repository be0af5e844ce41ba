// SPDX-License-Identifier: Apache-2.0
// The faults of one tier while a run goes on: the wires to the tier ask it what becomes of each
// call, and it counts the calls that a fault hit.
//
// Nothing is disturbed before start(). Any number of tasks may ask at once.

#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <vector>

#include "caches/cache.h"
#include "core/result.h"
#include "runtime/runtime.h"
#include "wire/faults.h"

namespace stalemark {

class Disturbance {
public:
    // Of all `faults` those that belong to `place`. Chances draw from streams of `seed` that
    // are named for the fault.
    Disturbance(const Runtime& runtime, std::span<const Fault> faults, FaultPlace place,
                std::uint64_t seed);

    bool is_empty() const { return is_empty_; }  // Nothing ever happens here.

    // The measured part begins now.
    void start() { began_.store(runtime_.now(), std::memory_order_relaxed); }

    // What a delay becomes of a call that is sent now.
    Duration slowed(Duration delay);

    // Whether a call that reaches the tier now fails there. It is hit by one fault at most.
    bool fails();

    // How often the tier has lost all that it had so far.
    std::uint64_t flushes() const;

    // Calls hit so far, by the place of the fault among all; 0 for those of other tiers.
    std::vector<std::uint64_t> calls_hit() const;

private:
    struct Part {
        Fault fault;
        bool is_here = false;
        std::atomic<std::uint64_t> asked = 0;  // A chance: number of its next draw.
        std::atomic<std::uint64_t> hit = 0;
    };

    // Since start(); before it, a time before all faults.
    Duration elapsed() const;
    // Whether it hits a call at this time, which then counts.
    bool strikes(Part& part, Duration now) const;
    std::span<Part> parts() const { return {parts_.get(), count_}; }

    const Runtime& runtime_;
    const std::uint64_t seed_;
    bool is_empty_ = true;
    const std::size_t count_;
    std::unique_ptr<Part[]> parts_;  // Of all faults, in their order.
    std::atomic<Instant> began_ = never;
};

// How a call says that it failed: the error of its answer.
template <typename Error>
constexpr Error failure_of();
template <>
constexpr Trouble failure_of<Trouble>() {
    return Trouble::failed;
}
template <>
inline Missed failure_of<Missed>() {
    return Miss::unavailable;
}

// Answers that can say so.
template <typename Answer>
concept Fallible = requires { typename Answer::error_type; };

}  // namespace stalemark
