// SPDX-License-Identifier: Apache-2.0
// The clients of a run, and the tasks in which they go through one stretch of it after the
// other.

#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "driver/client.h"
#include "driver/driver.h"

namespace stalemark {

class Crew {
public:
    // Client i asks the strategy of node i modulo their number.
    Crew(Runtime& runtime, std::span<Strategy* const> nodes, Judges& judges,
         const WorkloadSpec& spec, const DriveSettings& settings);

    // What the clients go through.
    struct Part {
        std::uint32_t phase = 0;  // Index into the phases of the workload.
        std::uint64_t seed = 1;   // Of the operations.
        std::uint64_t operations_max = 0;
        std::deque<SharedRecorder>* recorders = nullptr;  // nullptr: nothing is recorded.
    };

    // Whoever lets them go looks around now and then: `look` is called with the time that it
    // is, at next_look() or sooner.
    struct Watch {
        std::function<Instant()> next_look;
        std::function<void(Instant)> look;
    };

    // What came of it.
    struct Passage {
        Instant ended{0};
        std::uint64_t sent = 0;
        // Of an open loop, with what no client has taken.
        std::unique_ptr<ArrivalQueue> arrivals;
    };

    // Lets all clients go and waits until the last is back. Called from a task.
    Passage go_through(const Part& part, Stretch& stretch, const Watch& watch);

    // Of all clients, since the crew was made.
    struct Counts {
        std::uint64_t sent = 0;
        std::uint64_t reads = 0;
        std::uint64_t hits = 0;
    };
    Counts counts() const;

    std::deque<Client>& clients() { return clients_; }
    std::size_t memory_bytes() const;

private:
    Passage go_through_closed(const Part& part, Stretch& stretch, const Watch& watch);
    Passage go_through_open(const Part& part, Stretch& stretch, const Watch& watch);

    // Carries out `work` in a task for each client, by its number; answers the sum of what
    // they answer.
    std::uint64_t let_go(Stretch& stretch, const Watch& watch,
                         const std::function<std::uint64_t(std::size_t)>& work);

    SharedRecorder* recorder_of(const Part& part, std::size_t client) const {
        return part.recorders ? &(*part.recorders)[client % part.recorders->size()] : nullptr;
    }

    Runtime& runtime_;
    const WorkloadSpec& spec_;
    const DriveSettings& settings_;
    const std::uint32_t nodes_;
    const Payload payload_;
    std::deque<Processors> processors_;  // Of each node, where they are simulated.
    std::deque<Client> clients_;
};

}  // namespace stalemark
