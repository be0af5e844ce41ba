// SPDX-License-Identifier: Apache-2.0
// What became of invalidations that never arrived: how many did harm, and how much.
//
// A loss is open until the node drops its copy or reads what the event told of, or something
// newer; each definitely stale read of the key on that node meanwhile is its harm. A node that
// held no older copy when the event was lost has lost nothing.

#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/counts.h"
#include "core/types.h"

namespace stalemark {

struct LossCounts {
    std::uint64_t lost = 0;          // Events x receivers.
    std::uint64_t held_no_copy = 0;  // Of those: nothing older was there to be dropped.
    std::uint64_t harmed = 0;        // Of those: at least one stale read followed.
    std::uint64_t stale_reads = 0;   // That followed.

    LossCounts operator-(const LossCounts& earlier) const {
        return difference_of(*this, earlier);
    }
};

class LostEvents {
public:
    explicit LostEvents(std::uint32_t nodes) : nodes_(nodes) {}

    // `write`: the one that the event told of; 0: not known which.
    void note_lost(std::uint32_t node, Key key, bool held_copy, std::uint32_t write) {
        const std::lock_guard lock(guard_);
        ++counts_.lost;
        if (!held_copy) {
            ++counts_.held_no_copy;
            return;
        }
        Open& open = nodes_[node].open[key];
        ++open.events;
        open.write = std::max(open.write, write);
        nodes_[node].any = true;
    }

    // The node holds no copy any more: of this key, or of any.
    void heal(std::uint32_t node, Key key) {
        if (nodes_[node].any) close(node, key);
    }
    void heal(std::uint32_t node) {
        const std::lock_guard lock(guard_);
        nodes_[node].open.clear();
        nodes_[node].any = false;
    }

    // `write`: the one that was read; nothing: an absence. Right after the loss a read of the
    // old value is not stale yet: the write is acknowledged later.
    void note_read(std::uint32_t node, Key key, bool is_stale,
                   std::optional<std::uint32_t> write) {
        if (!nodes_[node].any) return;
        const std::lock_guard lock(guard_);
        const auto found = nodes_[node].open.find(key);
        if (found == nodes_[node].open.end()) return;
        Open& open = found->second;
        const bool has_heard = write ? *write >= open.write : !is_stale;
        if (has_heard) {  // However stale it may be against a later write.
            nodes_[node].open.erase(found);
            nodes_[node].any = !nodes_[node].open.empty();
        } else if (is_stale) {
            ++counts_.stale_reads;
            counts_.harmed += std::exchange(open.events, 0);
        }
    }

    LossCounts counts() const {
        const std::lock_guard lock(guard_);
        return counts_;
    }

private:
    struct Open {
        std::uint64_t events = 0;  // Lost one after the other and without harm so far.
        std::uint32_t write = 0;   // The newest that they told of.
    };
    struct Node {
        std::unordered_map<Key, Open> open;
        std::atomic<bool> any = false;  // So that a read need not take the lock.
    };

    void close(std::uint32_t node, Key key) {
        const std::lock_guard lock(guard_);
        nodes_[node].open.erase(key);
        nodes_[node].any = !nodes_[node].open.empty();
    }

    mutable std::mutex guard_;
    std::vector<Node> nodes_;
    LossCounts counts_;
};

}  // namespace stalemark
