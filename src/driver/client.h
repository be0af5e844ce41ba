// One client: sends its next operation when the last one is done and, in an open loop, due.

#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "driver/processors.h"
#include "measure/recorder.h"
#include "measure/witness.h"
#include "runtime/runtime.h"
#include "strategies/strategy.h"
#include "workload/payload.h"
#include "workload/source.h"

namespace stalemark {

// A part of the run through which a client goes without a pause: the warm-up or a phase.
struct Stretch {
    Instant began{0};
    Instant ends = never;  // No operation is sent from then on.
    bool is_open_loop = false;
    std::atomic<bool> is_over = false;  // Set to end it early.
};

class Client {
public:
    // `processors`: what an operation computes on; nullptr: the machine's own, at its speed.
    // `node`: the one whose strategy it asks.
    Client(Runtime& runtime, Strategy& strategy, Judges& judges, const Payload& payload,
           Processors* processors, std::uint32_t number, std::size_t session_places,
           std::uint32_t node = 0);

    // What came of one stretch.
    struct Stint {
        std::uint64_t sent = 0;
        std::optional<Duration>
            unsent_due;  // Of an operation that was drawn and came too late.
    };

    // Sends the operations of `source`, at most `operations_max`, until stretch or source ends.
    // Records them if there is a recorder.
    Stint run(Source& source, const Stretch& stretch, Recorder* recorder,
              std::uint64_t operations_max);

    Witness& witness() { return witness_; }

    // The longest that one of its reads took that missed, and one of its writes: recorded or
    // not.
    Duration longest_miss() const { return longest_miss_; }
    Duration longest_write() const { return longest_write_; }

    // While nothing is recorded: reads answered so far, and those of them that were hits. May
    // be asked from another task while run() is under way.
    std::uint64_t reads() const { return reads_.load(std::memory_order_relaxed); }
    std::uint64_t hits() const { return hits_.load(std::memory_order_relaxed); }

    // While something is recorded: operations so far. May be asked from another task, too.
    std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }

private:
    // What became of one operation.
    struct Sent {
        Instant began{0};
        Instant ended{0};
        Ending ending = Ending::done;
        Outcome outcome = Outcome::bypass;
        bool is_absent = false;
        bool is_stale = false;
    };

    Sent send(const Operation& operation);
    Sent read(Key key);
    Sent write(const Operation& operation);
    void wait_until(Instant due, const Stretch& stretch);
    void record(const Operation& operation, const Sent& sent, const Stretch& stretch,
                Recorder* recorder);

    Runtime& runtime_;
    Strategy& strategy_;
    const Payload& payload_;
    Processors* const processors_;
    Witness witness_;
    const std::uint32_t number_;
    Duration longest_miss_{0};
    Duration longest_write_{0};
    std::atomic<std::uint64_t> reads_ = 0;
    std::atomic<std::uint64_t> hits_ = 0;
    std::atomic<std::uint64_t> sent_ = 0;
};

}  // namespace stalemark
