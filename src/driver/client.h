// SPDX-License-Identifier: Apache-2.0
// One client: sends an operation, waits for its answer, and takes the next.

#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>

#include "driver/arrival_queue.h"
#include "driver/processors.h"
#include "history/history_recorder.h"
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
    Instant ends = never;           // No operation is sent from then on.
    const std::atomic<bool>& stop;  // Ends it early, as the next one does.
    std::atomic<bool> is_over = false;

    bool is_cut_short() const {
        return is_over.load(std::memory_order_relaxed) || stop.load(std::memory_order_relaxed);
    }
};

class Client {
public:
    // `processors`: what an operation computes on; nullptr: the machine's own, at its speed.
    // `node`: the one whose strategy it asks. `history`: if any, records what it does.
    Client(Runtime& runtime, Strategy& strategy, Judges& judges, const Payload& payload,
           Processors* processors, std::uint32_t number, std::uint32_t node,
           HistoryRecorder* history = nullptr);

    // A closed loop: sends the operations of `source`, at most `operations_max`, each when the
    // last one is done, until stretch or source ends. Records them if there is a recorder.
    // Answers how many it has sent.
    std::uint64_t run(Source& source, const Stretch& stretch, SharedRecorder* recorder,
                      std::uint64_t operations_max);

    // An open loop: takes the operations of its node from the queue and sends each when it is
    // due.
    std::uint64_t run(ArrivalQueue& arrivals, const Stretch& stretch, SharedRecorder* recorder);

    // From another task: ends its wait for an operation to be due, if it waits.
    void wake();

    Witness& witness() { return witness_; }
    const Witness& witness() const { return witness_; }

    // Operations sent so far, the reads among them, and those of the reads that were hits. May
    // be asked from another task while run() is under way.
    std::uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }
    std::uint64_t reads() const { return reads_.load(std::memory_order_relaxed); }
    std::uint64_t hits() const { return hits_.load(std::memory_order_relaxed); }

private:
    // What became of one operation.
    struct Sent {
        Instant began{0};
        Instant ended{0};
        Duration latency{0};  // Of the timed calls.
        Ending ending = Ending::done;
        Outcome outcome = Outcome::bypass;
        bool is_absent = false;
        bool is_stale = false;
    };

    Sent send(const Operation& operation);
    Sent read(Key key);
    Sent write(const Operation& operation);
    bool is_recorded(Key key) const { return history_ != nullptr && history_->follows(key); }
    void record(HistoryAction action, Key key, Name version, const Sent& sent);
    bool wait_until(Instant due, const Stretch& stretch);
    void note_waiting(Task* task);
    void count(const Operation& operation, const Sent& sent);
    Sample& next_sample(const Operation& operation, const Sent& sent);

    Runtime& runtime_;
    Strategy& strategy_;
    const Payload& payload_;
    Processors* const processors_;
    Witness witness_;
    const std::uint32_t number_;
    const std::uint32_t node_;
    HistoryRecorder* const history_;
    std::uint32_t session_;  // That it serves.
    Instant last_ended_{0};
    SampleBatch samples_;
    std::mutex guard_;         // Of the next; never held while parked.
    Task* waiting_ = nullptr;  // For an operation to be due.
    std::atomic<std::uint64_t> sent_ = 0;
    std::atomic<std::uint64_t> reads_ = 0;
    std::atomic<std::uint64_t> hits_ = 0;
};

}  // namespace stalemark
