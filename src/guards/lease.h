// SPDX-License-Identifier: Apache-2.0
// lease: a miss is handed a token, and only its holder may fill; a change voids the token
// (memcached at Facebook: Nishtala et al., Scaling Memcache at Facebook, NSDI 2013).
//
// Strength: a slow fill hides no change, even if entries are evicted meanwhile; and one reader
// at a time loads a key, whatever the number of nodes.
// Hazard: a reader without a token waits, or reads the store and caches nothing; a holder that
// died holds up the others until its lease ends. Two writers that cache their own rows may
// still do so in the opposite order.

#pragma once

#include "guards/guard.h"

namespace stalemark {

class LeasedFills : public Guard {
public:
    explicit LeasedFills(const GuardParts& parts)
        : terms_{.ttl = parts.settings.lease_ttl,
                 .losers_wait = parts.settings.lease_losers == LeaseLosers::wait,
                 .refused_retry = parts.settings.lease_refused == LeaseRefused::retry} {}

    LeaseTerms lease_terms() const override { return terms_; }

    // Where an entry was passed over, there can be no lease.
    std::optional<Condition> of_fill(const Ticket& ticket, const Row& /*row*/) const override {
        if (ticket.passed_over != no_stamp) return Condition::unchanged(ticket.passed_over);
        if (ticket.missed.lease == no_stamp) return std::nullopt;
        return Condition::leased(ticket.missed.lease);
    }

    Erasure of_erase(Version /*version*/) const override {
        return {.condition = Condition::always(), .remains = {.voids_lease = true}};
    }

private:
    const LeaseTerms terms_;
};

}  // namespace stalemark
