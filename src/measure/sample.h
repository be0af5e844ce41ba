// SPDX-License-Identifier: Apache-2.0
// One operation as its client experienced it, on the way from the client to a recorder.

#pragma once

#include <cstdint>

#include "core/answer.h"
#include "core/types.h"

namespace stalemark {

// How an operation ended; see the contract of Result.
enum class Ending : std::uint8_t { done, failed, unknown };

// When an operation of an open loop was sent, against when it was due.
struct Lateness {
    Duration slip{0};  // From due to sent.

    // Whether the client was free before the operation was due: then the slip is the timer's,
    // and no part of the response.
    bool is_timers = false;
};

struct Sample {
    Instant ended{0};
    Duration latency{0};  // Of its timed calls together.
    Lateness lateness;    // Open loop.
    std::uint8_t kind = 0;
    Outcome outcome = Outcome::bypass;
    Ending ending = Ending::done;
    bool is_absent = false;  // Found that the key has no value.
    bool is_stale = false;   // Definitely, and not by design.
    bool is_open_loop = false;

    // From the instant at which it was due, all queueing included.
    Duration response() const { return lateness.is_timers ? latency : lateness.slip + latency; }
};

}  // namespace stalemark
