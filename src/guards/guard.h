// SPDX-License-Identifier: Apache-2.0
// The guard of a protocol: how a read or a change is kept from leaving an old value in the
// cache.
//
// A guard is asked by the steps that all strategies share: before a read, after a miss, at a
// fill, before a change, and at whatever a change does to the cached copy. One instance serves
// all tasks of a node at once; it waits nowhere but in Runtime.

#pragma once

#include <memory>
#include <optional>

#include "caches/ticket.h"
#include "guards/settings.h"
#include "runtime/runtime.h"

namespace stalemark {

// How a miss asks the cache for a lease, and what follows if there is none.
struct LeaseTerms {
    Duration ttl{0};             // Of a lease; 0: none is asked for.
    bool losers_wait = false;    // A miss without a lease looks again, for up to a TTL.
    bool refused_retry = false;  // A read whose fill was refused starts again.
};

// How a change erases the cached copy.
struct Erasure {
    Condition condition = Condition::always();
    Remains remains;
};

class Guard {
public:
    // Held by a task for as long as it exists.
    struct Held {
        std::shared_ptr<const void> hold;  // nullptr: nothing.
        bool has_waited = false;           // For another holder.
        bool is_unavailable = false;       // What was to be held cannot be reached.
        bool erases_copy = false;          // Its end erases the cached copy of the key.
    };

    virtual ~Guard() = default;

    // Before the cache is asked, until the read is answered.
    virtual Held before_read(Key /*key*/) { return {}; }

    // After a miss, or before a reload, until the fill. Not asked if before_read() holds
    // something.
    virtual Held before_load(Key /*key*/) { return {}; }

    // Before the first step of a change, until after its last.
    virtual Held before_change(Key /*key*/) { return {}; }

    virtual LeaseTerms lease_terms() const { return {}; }

    // When the row that was loaded for this ticket may be cached; nothing: not at all.
    virtual std::optional<Condition> of_fill(const Ticket& ticket, const Row& row) const = 0;

    // When a change may cache its own row. A version of 0: the store has not given one.
    virtual Condition of_set(const Row& /*row*/) const { return Condition::always(); }

    // How the copy is erased of a row that has come to `version`; 0: it is not known to which.
    virtual Erasure of_erase(Version /*version*/) const { return {}; }
};

struct GuardParts {
    Cache& cache;
    Runtime& runtime;
    const GuardSettings& settings;
    Cache* locks = nullptr;  // As Parts in strategies/strategy.h.
};

}  // namespace stalemark
