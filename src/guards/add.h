// SPDX-License-Identifier: Apache-2.0
// add: a fill is made only where there is no entry (add if absent; memcached `add`, Redis `SET
// NX`). An entry that the shield passed over may be replaced while it is unchanged.
//
// Strength: a slow fill does not replace what a writer has cached meanwhile, and no version is
// needed for that.
// Hazard: it does not help against a writer that erases: after the erase the key is absent, and
// the slow fill is made. Nor does it once the writer's entry has been evicted or has expired.

#pragma once

#include "guards/guard.h"

namespace stalemark {

class AddIfAbsent final : public Guard {
public:
    explicit AddIfAbsent(const GuardParts& /*parts*/) {}

    std::optional<Condition> of_fill(const Ticket& ticket, const Row& /*row*/) const override {
        return Condition::unchanged(ticket.passed_over);
    }
};

}  // namespace stalemark
