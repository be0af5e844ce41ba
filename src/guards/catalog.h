// SPDX-License-Identifier: Apache-2.0
// The menu of guards: what each is called, which knobs it reads, what it promises and under
// which faults.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "guards/guard.h"

namespace stalemark {

// What a guard keeps from leaving an old value in the cache. Each names the faults under which
// it does so, in words of guard_faults; "": it does not do so at all.
struct GuardPromise {
    // A fill of an old row, after a change has erased the copy.
    std::string_view fill_over_erase = "";
    // Likewise, after a change has cached its own row.
    std::string_view fill_over_set = "";
    // Two changes that cache their rows in the opposite order.
    std::string_view set_over_set = "";
    // A change whose writer has died between store and cache.
    std::string_view unfinished_change = "";
};

// none: nothing goes wrong. eviction: of an entry or a tombstone of the key. crash: of a writer
// in the middle of its change. expiry: of a lock or a lease under a holder that pauses. No
// guard makes up for an event that is lost.
constexpr std::array<std::string_view, 4> guard_faults = {"none", "eviction", "crash",
                                                          "expiry"};

// What others must know of a guard.
struct GuardTraits {
    bool locks = false;              // It needs a cache of locks.
    bool remembers = false;          // The cache remembers versions of entries that are gone.
    bool needs_erase = false;        // It erases the copy, and has nothing to set.
    bool compares_versions = false;  // Of the store: what has none is compared with nothing.
};

struct GuardEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<Guard> (*make)(const GuardParts&);
    std::string_view knobs;     // Options it reads, in words.
    GuardPromise promise = {};  // Without fencing.
    GuardTraits traits = {};
};

// What it promises under these settings.
GuardPromise promise_of(const GuardEntry& guard, const GuardSettings& settings);

std::span<const GuardEntry> all_guards();

// The guard that is none.
const GuardEntry& no_guard();

// Throws InputError with the nearest right name if there is no such guard.
const GuardEntry& find_guard(std::string_view name);

}  // namespace stalemark
