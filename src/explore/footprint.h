// SPDX-License-Identifier: Apache-2.0
// What a step of a schedule touches, and which two steps may not change places.
//
// Steps that are not dependent can be exchanged where they follow each other: neither changes
// what the other does, nor what anybody can see of it. The order in real time can be seen: the
// last step of one operation and the first step of another client's operation are dependent, as
// their order says whether the first had returned before the second began.

#pragma once

#include <array>
#include <cstdint>

#include "core/types.h"

namespace stalemark {

// Kinds of what tasks share.
enum class Shared : std::uint8_t {
    cache,       // That all nodes share.
    near_cache,  // Of a node, like all below but the store, its log, leases and locks.
    store,
    log,
    leases,      // Of loads, beside the shared cache.
    locks,       // Of keys, beside the shared cache.
    node_locks,  // Of keys, in the node.
    mutex,       // One for each key.
    write_queue,
    flight,
    reloads,
    late_deletes,
    throttle,
    bus,
    inbox,
};
constexpr std::size_t shared_kinds = 15;

// One of them: a node and a key.
struct SharedObject {
    static constexpr std::uint8_t nodes_most = 8;
    static constexpr std::uint8_t all_keys = 7;  // More than Program::keys_most.
    static constexpr std::size_t indexes = shared_kinds * nodes_most * (all_keys + 1);

    Shared kind = Shared::cache;
    std::uint8_t node = 0;  // 0 as well where it is no node's.
    std::uint8_t key = all_keys;

    // Below `indexes`, of no other.
    std::size_t index() const {
        return (static_cast<std::size_t>(kind) * nodes_most + node) * (all_keys + 1) + key;
    }

    bool meets(const SharedObject& other) const {
        return kind == other.kind && node == other.node &&
               (key == other.key || key == all_keys || other.key == all_keys);
    }
};

struct Footprint {
    struct Access {
        SharedObject object;
        bool writes = false;
    };
    static constexpr std::size_t accesses_most = 4;

    // Kinds of faults, as bits.
    static constexpr std::uint8_t of_limits = 1;
    static constexpr std::uint8_t of_evictions = 2;
    static constexpr std::uint8_t of_crashes = 4;
    static constexpr std::uint8_t of_losses = 8;

    std::array<Access, accesses_most> accesses;
    std::uint8_t count = 0;
    std::uint8_t node = 0;          // Whose step it is.
    bool is_crash = false;          // Of that node.
    bool is_everything = false;     // Dependent with every other.
    bool begins = false;            // It is the first step of an operation.
    std::uint32_t ended = 0;        // Operations that have returned with it, as bits.
    bool marks_operations = false;  // It notes which operations are under way.
    std::uint8_t spent = 0;         // Kinds of faults of which it has used one, as bits.

    void add(SharedObject object, bool writes) {
        if (count == accesses_most) {
            is_everything = true;
            return;
        }
        accesses[count++] = {object, writes};
    }

    bool touches_operations() const { return begins || ended != 0; }
};

inline bool meet(const Footprint& a, const Footprint& b) {
    for (std::uint8_t i = 0; i < a.count; ++i) {
        for (std::uint8_t j = 0; j < b.count; ++j) {
            const bool writes = a.accesses[i].writes || b.accesses[j].writes;
            if (writes && a.accesses[i].object.meets(b.accesses[j].object)) return true;
        }
    }
    return false;
}

// Of steps of two tasks.
inline bool are_dependent(const Footprint& a, const Footprint& b) {
    if (a.is_everything || b.is_everything) return true;
    if ((a.ended != 0 && b.begins) || (a.begins && b.ended != 0)) return true;
    if ((a.is_crash || b.is_crash) && a.node == b.node) return true;
    if ((a.spent & b.spent) != 0) return true;
    if (a.marks_operations && b.touches_operations()) return true;
    if (b.marks_operations && a.touches_operations()) return true;
    return meet(a, b);
}

}  // namespace stalemark
