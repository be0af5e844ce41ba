// What became of invalidations that never arrived: how many did harm, and how much.
//
// A loss is open from the moment of the loss until the node reads the key fresh or hears of it
// again; each definitely stale read of the key on that node meanwhile is its harm. A node that
// held no copy when the event was lost has lost nothing.

#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/types.h"

namespace stalemark {

struct LossCounts {
    std::uint64_t lost = 0;          // Events x receivers.
    std::uint64_t held_no_copy = 0;  // Of those: nothing was there to be dropped.
    std::uint64_t harmed = 0;        // Of those: at least one stale read followed.
    std::uint64_t stale_reads = 0;   // That followed.

    LossCounts operator-(const LossCounts& earlier) const {
        return {.lost = lost - earlier.lost,
                .held_no_copy = held_no_copy - earlier.held_no_copy,
                .harmed = harmed - earlier.harmed,
                .stale_reads = stale_reads - earlier.stale_reads};
    }
};

class LostEvents {
public:
    explicit LostEvents(std::uint32_t nodes) : nodes_(nodes) {}

    void note_lost(std::uint32_t node, Key key, bool held_copy) {
        const std::lock_guard lock(guard_);
        ++counts_.lost;
        if (!held_copy) {
            ++counts_.held_no_copy;
            return;
        }
        Open& open = nodes_[node].open[key];
        ++open.events;
        if (open.is_harmful) ++counts_.harmed;
        nodes_[node].any = true;
    }

    // The node has heard of the key again.
    void note_delivered(std::uint32_t node, Key key) {
        if (nodes_[node].any) close(node, key);
    }

    void note_read(std::uint32_t node, Key key, bool is_stale) {
        if (!nodes_[node].any) return;
        if (!is_stale) return close(node, key);
        const std::lock_guard lock(guard_);
        const auto found = nodes_[node].open.find(key);
        if (found == nodes_[node].open.end()) return;
        ++counts_.stale_reads;
        if (!found->second.is_harmful) counts_.harmed += found->second.events;
        found->second.is_harmful = true;
    }

    LossCounts counts() const {
        const std::lock_guard lock(guard_);
        return counts_;
    }

private:
    struct Open {
        std::uint64_t events = 0;  // Lost one after the other.
        bool is_harmful = false;
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
