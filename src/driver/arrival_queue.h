// SPDX-License-Identifier: Apache-2.0
// The operations of an open loop, from the moment at which they are drawn until a client takes
// them: one queue per node, first come, first served.
//
// A client that is free takes its node's next operation and waits until it is due. An operation
// waits only while all clients of its node are busy (M/G/c, where arrivals are random).
//
// Any number of tasks may call at once; nothing waits.

#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "driver/backlog.h"
#include "workload/source.h"

namespace stalemark {

class ArrivalQueue {
public:
    struct Settings {
        std::uint32_t nodes = 1;
        std::uint64_t operations_max = 0;  // That are drawn.
        Instant began{0};                  // The operations are due from here on.
        // Whether an operation waits until the one of the same key before it has ended: so that
        // a trace replays each key's operations in their order.
        bool keeps_order_of_keys = false;
    };

    // Sessions go round the nodes: that of a session is its number modulo `nodes`.
    ArrivalQueue(std::unique_ptr<Source> source, const Settings& settings);

    // The next operation of the node for a client that is free at `now`; nothing if there is
    // none any more. `ended`: the key of the client's last operation, if it had one.
    std::optional<Operation> take(std::uint32_t node, Instant now, std::optional<Key> ended);

    Instant due(const Operation& operation) const { return settings_.began + operation.due; }

    // Between these two calls a client is busy with an operation.
    void note_sent();
    void note_ended() { busy_.fetch_sub(1, std::memory_order_relaxed); }
    std::uint64_t busy_max() const { return busy_max_.load(std::memory_order_relaxed); }

    // When all clients have left: takes out and counts the operations that were due before
    // `ended` and that no client has taken. Gives up when `stop` is set: then the number is not
    // known.
    std::uint64_t count_dropped(Instant ended, const std::atomic<bool>& stop);

    // Then: whether the clients of a node fell further and further behind until `ended`.
    bool is_saturated(Instant ended) const;

private:
    struct Node {
        explicit Node(Instant began) : backlog(began) {}

        std::deque<Operation> waiting;
        // Where the order of keys is kept: of each key that a client is at, those that wait for
        // it.
        std::unordered_map<Key, std::deque<Operation>> behind;
        Backlog backlog;
        std::uint64_t chained = 0;  // In `behind`.
        std::uint64_t dropped = 0;
        std::optional<Instant> first_dropped;  // When it was due.
    };

    std::optional<Operation> next_of(Node& node, std::uint32_t number);
    std::optional<Operation> take_in_order(Node& node, std::uint32_t number,
                                           std::optional<Key> ended);
    std::optional<Operation> draw();
    void drop(Node& node, const Operation& operation, Instant ended);

    const Settings settings_;
    mutable std::mutex guard_;  // Of all below but the counts.
    std::unique_ptr<Source> source_;
    std::uint64_t drawn_ = 0;
    std::vector<Node> nodes_;
    std::atomic<std::uint64_t> busy_ = 0;
    std::atomic<std::uint64_t> busy_max_ = 0;
};

}  // namespace stalemark
