// SPDX-License-Identifier: Apache-2.0
// lock_writers: a change holds a lock of its key from its first step to its last. Readers and
// their fills hold nothing.
//
// Strength: two writers leave the newer value, and no reader ever waits.
// Hazard: it is no lock against fills: a slow one hides a change that came before it. A lock
// that expires while its holder pauses lets the next writer in, whose value the first then
// replaces. Where the locks cannot be reached, a writer goes on without.

#pragma once

#include "guards/key_locks.h"

namespace stalemark {

class LockedWrites : public Guard {
public:
    explicit LockedWrites(const GuardParts& parts)
        : settings_(parts.settings),
          locks_(*parts.locks, parts.runtime, parts.settings.lock_ttl) {}

    Held before_change(Key key) override { return locks_.take(key); }

    // With fencing, the version that the store has given is the token which the cache checks.
    std::optional<Condition> of_fill(const Ticket& ticket, const Row& row) const override {
        if (!settings_.fencing) return ticket.permit;
        if (row.version == 0) return Condition::unchanged(ticket.passed_over);
        return Condition::newer(row.version);
    }
    Condition of_set(const Row& row) const override {
        return settings_.fencing ? Condition::newer(row.version) : Condition::always();
    }
    Erasure of_erase(Version version) const override {
        if (!settings_.fencing || version == 0) return {};
        return {.condition = Condition::newer(version),
                .remains = {.version = version, .ttl = settings_.tombstone_ttl}};
    }

protected:
    Held lock(Key key) { return locks_.take(key); }

private:
    const GuardSettings& settings_;
    KeyLocks locks_;
};

}  // namespace stalemark
