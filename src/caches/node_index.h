// SPDX-License-Identifier: Apache-2.0
// Where each key's node lies: a hash table of node numbers with open addressing.
//
// Linear probing; a deletion moves later slots back (Knuth, The Art of Computer Programming,
// volume 3, algorithm 6.4R), so that nothing dead is left behind. Not for use by two threads at
// once.

#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace stalemark {

class NodeIndex {
public:
    static constexpr std::uint32_t none = 0xffffffff;

    // The node with this hash that `is_wanted` says yes to, or none.
    template <typename IsWanted>
    std::uint32_t find(std::uint32_t hash, IsWanted is_wanted) const {
        for (std::size_t i = home_of(hash); slots_[i].node != none; i = after(i)) {
            if (slots_[i].hash == hash && is_wanted(slots_[i].node)) return slots_[i].node;
        }
        return none;
    }

    void insert(std::uint32_t hash, std::uint32_t node) {
        if (2 * ++used_ > slots_.size()) grow();
        place({hash, node});
    }

    // Requires: the node was inserted with this hash.
    void erase(std::uint32_t hash, std::uint32_t node) {
        --used_;
        std::size_t hole = home_of(hash);
        while (slots_[hole].node != node) hole = after(hole);
        for (std::size_t i = after(hole); slots_[i].node != none; i = after(i)) {
            // A slot must not move to before its home.
            if (distance(home_of(slots_[i].hash), i) < distance(hole, i)) continue;
            slots_[hole] = slots_[i];
            hole = i;
        }
        slots_[hole] = {};
    }

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t node = none;
    };

    std::size_t home_of(std::uint32_t hash) const { return hash & (slots_.size() - 1); }
    std::size_t after(std::size_t i) const { return (i + 1) & (slots_.size() - 1); }
    std::size_t distance(std::size_t from, std::size_t to) const {
        return (to - from) & (slots_.size() - 1);
    }

    void place(Slot slot) {
        std::size_t i = home_of(slot.hash);
        while (slots_[i].node != none) i = after(i);
        slots_[i] = slot;
    }

    void grow() {
        const auto old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
        for (const Slot& slot : old) {
            if (slot.node != none) place(slot);
        }
    }

    std::vector<Slot> slots_ = std::vector<Slot>(16);  // A power of two, at most half full.
    std::size_t used_ = 0;
};

}  // namespace stalemark
