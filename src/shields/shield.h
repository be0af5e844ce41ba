// SPDX-License-Identifier: Apache-2.0
// How the store is kept from a herd: what happens when many want the same key that is missing
// or about to expire.
//
// A shield stands between a strategy's read and its load. It says whether an entry that was
// found may answer (serves), and brings about the load where none may (load). One instance
// serves all tasks of a node at once; it waits nowhere but in Runtime.

#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "caches/cache.h"
#include "caches/ticket.h"
#include "core/answer.h"
#include "runtime/runtime.h"
#include "shields/background_reloads.h"
#include "shields/settings.h"

namespace stalemark {

// What a shield stands before: the way to the store.
class Loading {
public:
    virtual ~Loading() = default;

    // Asks the store and caches the answer, unless the cache is out of reach.
    virtual Result<Answer> fetch(Key key, const Ticket& ticket) = 0;

    // Asks the store for this reader alone: nothing is cached.
    virtual Result<Answer> fetch_uncached(Key key) = 0;

    // Asks the store and, if the permit then holds, puts its answer in the place of an entry,
    // or erases it if the row is absent and absence is not remembered. False: the store did not
    // answer.
    virtual bool reload(Key key, const Condition& permit) = 0;
};

// What a shield did, so that it can be told what that cost: names are fields of the result.
struct ShieldCount {
    std::string_view name;
    std::uint64_t number = 0;
};

class Shield {
public:
    virtual ~Shield() = default;

    // Whether a read may be answered with this entry. If not, the read goes on to load(),
    // before which it may look again: `was_passed_over` says that it has asked about this very
    // entry before and was told no.
    virtual bool serves(Key key, const Cached& cached, bool was_passed_over) = 0;

    // For a read that found nothing that may answer.
    virtual Result<Answer> load(Key key, const Ticket& ticket) = 0;

    // The row was changed: a load that is under way may come back with its old value, so that
    // nobody who comes from now on may be content with it.
    virtual void forget(Key /*key*/) {}

    // Whether the store has failed for this key so lately that no reload of a good entry may
    // ask it; and word of such a reload, not of the shield's own, that the store did not
    // answer.
    virtual bool leaves_alone(Key /*key*/) { return false; }
    virtual void reload_failed(Key /*key*/) {}

    // Since the shield was made, always the same names in the same order.
    virtual std::vector<ShieldCount> counts() const { return {}; }
};

// An entry as an answer.
inline Answer answer_of(Cached cached) {
    const Outcome fresh = cached.is_awaited ? Outcome::wait : Outcome::hit;
    const Outcome outcome = cached.is_stale ? Outcome::stale_hit : fresh;
    return {std::move(cached.row), outcome, cached.slack};
}

struct ShieldParts {
    Cache& cache;
    Runtime& runtime;
    Loading& loading;
    const ShieldSettings& settings;
    BackgroundReloads& reloads;  // The node's; the strategy closes it.
    // Shared by all nodes: who may load; nothing if there is one node.
    Cache* leases = nullptr;
};

}  // namespace stalemark
