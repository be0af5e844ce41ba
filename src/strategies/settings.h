// SPDX-License-Identifier: Apache-2.0
// Every knob that a strategy may read, with its default.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "core/types.h"
#include "guards/catalog.h"
#include "shields/settings.h"
#include "strategies/orders.h"

namespace stalemark {

// What a write does to the cached copy.
enum class Invalidate : std::uint8_t {
    none,
    erase,
    set,
    event,  // As erase or, where a strategy sets, set; and the other nodes are told.
};
constexpr std::array<std::string_view, 4> invalidate_names = {"none", "erase", "set", "event"};

// What a writer meets that finds the queue of write_behind full.
enum class WhenFull : std::uint8_t { block, caller_runs, reject };
constexpr std::array<std::string_view, 3> when_full_names = {"block", "caller_runs", "reject"};

struct Settings {
    // How long the entry of a key lives, and how much of that a fill may cut off at random so
    // that entries made together do not expire together. Duration::max(): for ever.
    std::function<Duration(Key)> ttl_of;  // Empty: for ever.
    double ttl_jitter = 0;
    Duration negative_ttl{0};  // How long an absent key is remembered; 0: not at all.
    Invalidate invalidate = Invalidate::erase;
    Order order = Order::store_first;

    // The copy is erased once more so long after the change; nothing: it is not. If it comes
    // alone, the change erases nothing after the store has it. The change may be acknowledged
    // only then.
    std::optional<Duration> late_delete;
    bool late_delete_alone = false;
    bool acknowledges_late = false;

    bool events_first = false;  // The others are told before the cached copy is treated.
    std::uint64_t seed = 1;     // Of the jitter.

    // How long an expired entry is kept on: what the shield asks for.
    Duration grace{0};

    // How much longer than an entry its copies may live that begin their TTL anew.
    Duration copies_outlive{0};

    ShieldSettings shield;

    const GuardEntry* guard = &no_guard();
    GuardSettings guarding;

    // write_behind
    Duration flush_delay = std::chrono::milliseconds(100);  // From the first write to an entry.
    std::uint64_t flush_batch = 128;                        // Changes a batch.
    std::uint64_t queue_max = 10'000;                       // Changes that may wait.
    WhenFull when_full = WhenFull::block;
    bool looks_into_queue = true;  // A miss does, before it asks the store.
    std::uint64_t flushers = 1;    // Batches in flight at once; several keep no order.
    bool coalescing = true;        // A waiting change is replaced by a newer one to its key.

    // refresh_ahead: a hit in the last part of an entry's TTL, from this share on, reloads it.
    double refresh_at = 0.8;
};

}  // namespace stalemark
