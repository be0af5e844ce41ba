// SPDX-License-Identifier: Apache-2.0
// newer: no fill and no writer replaces an entry by an older version (set if newer).
//
// Strength: two writers leave the newer value, in whatever order they reach the cache, and a
// slow fill does not replace what a writer has cached.
// Hazard: it compares with an entry that is there. Once that was erased or evicted or has
// expired, a slow fill or a slow writer brings the old row back.

#pragma once

#include "guards/guard.h"

namespace stalemark {

class SetIfNewer : public Guard {
public:
    explicit SetIfNewer(const GuardParts& /*parts*/) {}

    // An absence without a version is older than every row.
    std::optional<Condition> of_fill(const Ticket& ticket, const Row& row) const override {
        if (row.version == 0) return Condition::unchanged(ticket.passed_over);
        return Condition::newer(row.version);
    }

    Condition of_set(const Row& row) const override { return Condition::newer(row.version); }

    Erasure of_erase(Version version) const override {
        return {.condition = erases_older(version), .remains = {}};
    }

protected:
    // What was put by a newer change stays. A version that is not known erases whatever is
    // there.
    static Condition erases_older(Version version) {
        return version == 0 ? Condition::always() : Condition::newer(version);
    }
};

}  // namespace stalemark
