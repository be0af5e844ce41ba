// SPDX-License-Identifier: Apache-2.0
// none: every fill is made, and nothing is held.
//
// Strength: nothing to keep, nothing to ask, nothing to wait for.
// Hazard: a reader that asked the store before a change fills the cache with the old row after
// it.

#pragma once

#include "guards/guard.h"

namespace stalemark {

class NoGuard final : public Guard {
public:
    explicit NoGuard(const GuardParts& /*parts*/) {}

    std::optional<Condition> of_fill(const Ticket& ticket, const Row& /*row*/) const override {
        return ticket.permit;
    }
};

}  // namespace stalemark
