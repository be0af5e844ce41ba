// SPDX-License-Identifier: Apache-2.0
#include "driver/arrival_queue.h"

#include <algorithm>
#include <utility>

namespace stalemark {

ArrivalQueue::ArrivalQueue(std::unique_ptr<Source> source, const Settings& settings)
    : settings_(settings),
      source_(std::move(source)),
      nodes_(settings.nodes, Node(settings.began)) {}

std::optional<Operation> ArrivalQueue::take(std::uint32_t node, Instant now,
                                            std::optional<Key> ended) {
    const std::lock_guard lock(guard_);
    Node& own = nodes_[node];
    auto operation =
        settings_.keeps_order_of_keys ? take_in_order(own, node, ended) : next_of(own, node);
    if (!operation) return std::nullopt;
    const Instant when = due(*operation);
    if (when > now) {
        // A client may be free while a key that others are at has fallen behind.
        if (own.chained == 0) own.backlog.note_met(when);
    } else {
        own.backlog.note_late(now, now - when);
    }
    return operation;
}

// Draws until there is one for this node; those for others wait for them.
std::optional<Operation> ArrivalQueue::next_of(Node& node, std::uint32_t number) {
    while (node.waiting.empty()) {
        const auto operation = draw();
        if (!operation) return std::nullopt;
        const std::uint32_t whose = operation->session % settings_.nodes;
        if (whose == number) return operation;
        nodes_[whose].waiting.push_back(*operation);
    }
    const Operation first = node.waiting.front();
    node.waiting.pop_front();
    return first;
}

// The client goes on with the key that it was at, if others of that key wait. Else it takes the
// next operation of a key that no client is at.
std::optional<Operation> ArrivalQueue::take_in_order(Node& node, std::uint32_t number,
                                                     std::optional<Key> ended) {
    if (ended) {
        const auto found = node.behind.find(*ended);
        if (!found->second.empty()) {
            const Operation first = found->second.front();
            found->second.pop_front();
            --node.chained;
            return first;
        }
        node.behind.erase(found);
    }
    while (const auto operation = next_of(node, number)) {
        const auto [found, is_free] = node.behind.try_emplace(operation->key);
        if (is_free) return operation;
        found->second.push_back(*operation);
        ++node.chained;
    }
    return std::nullopt;
}

std::optional<Operation> ArrivalQueue::draw() {
    if (drawn_ == settings_.operations_max) return std::nullopt;
    auto operation = source_->next();
    if (operation) ++drawn_;
    return operation;
}

void ArrivalQueue::note_sent() {
    const std::uint64_t busy = busy_.fetch_add(1, std::memory_order_relaxed) + 1;
    std::uint64_t most = busy_max_.load(std::memory_order_relaxed);
    while (most < busy && !busy_max_.compare_exchange_weak(most, busy)) {
    }
}

std::uint64_t ArrivalQueue::count_dropped(Instant ended, const std::atomic<bool>& stop) {
    constexpr std::uint64_t look_every = 1 << 16;
    const std::lock_guard lock(guard_);
    for (Node& node : nodes_) {
        for (const Operation& one : std::exchange(node.waiting, {})) drop(node, one, ended);
        for (const auto& [key, operations] : std::exchange(node.behind, {})) {
            for (const Operation& one : operations) drop(node, one, ended);
        }
        node.chained = 0;
    }
    for (auto operation = draw(); operation && due(*operation) < ended; operation = draw()) {
        drop(nodes_[operation->session % settings_.nodes], *operation, ended);
        if (drawn_ % look_every == 0 && stop) break;
    }
    std::uint64_t dropped = 0;
    for (const Node& node : nodes_) dropped += node.dropped;
    return dropped;
}

void ArrivalQueue::drop(Node& node, const Operation& operation, Instant ended) {
    const Instant when = due(operation);
    if (when >= ended) return;
    ++node.dropped;
    node.first_dropped = std::min(node.first_dropped.value_or(when), when);
}

bool ArrivalQueue::is_saturated(Instant ended) const {
    const std::lock_guard lock(guard_);
    return std::ranges::any_of(nodes_, [&](const Node& node) {
        return node.backlog.has_grown(ended, node.first_dropped);
    });
}

}  // namespace stalemark
