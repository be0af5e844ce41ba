// SPDX-License-Identifier: Apache-2.0
// none: every read that misses loads for itself.
//
// Strength: nothing that can go wrong, and no reader waits for another.
// Hazard: the thundering herd. Of a key that is read lambda times per second and takes delta to
// load, 1 + lambda * delta readers ask the store each time it expires.

#pragma once

#include "shields/shield.h"

namespace stalemark {

class NoShield final : public Shield {
public:
    explicit NoShield(const ShieldParts& parts) : loading_(parts.loading) {}

    bool serves(Key /*key*/, const Cached& cached, bool /*was_passed_over*/) override {
        return !cached.is_stale;
    }
    Result<Answer> load(Key key, const Ticket& ticket) override {
        return loading_.fetch(key, ticket);
    }

private:
    Loading& loading_;
};

}  // namespace stalemark
