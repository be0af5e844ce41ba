// SPDX-License-Identifier: Apache-2.0
// A near cache in the node before a cache that all nodes share.
//
// A read looks near first, and in the shared cache if it finds nothing fresh there; what it
// finds there it keeps near, too. A change reaches the shared cache first: done the other way
// round, a reader could fetch the old entry from there again and keep it. While the shared
// cache does not answer, the near one goes on alone.
//
// The stamp of an entry is that of its near copy: a change that asks for it is made near first
// and, if it was the one that was meant, in the shared cache, whatever is there. Every other
// condition is asked of the shared cache, and then of the near one; the shared one has the
// leases and the quarantines: a writer that begins one which hides the entry drops the near
// copy. A put whose condition fails in the shared cache is not made near either; one of
// Condition::absent may be made in the shared cache and refused near.
//
// What a get() copies from the shared cache is put near whatever is there. An entry for whose
// copy there is no room near is unnamed, so that nothing can reload it; nor can an entry be
// reloaded whose near copy has gone meanwhile.

#pragma once

#include <functional>

#include "caches/cache.h"
#include "runtime/runtime.h"

namespace stalemark {

struct LayerRules {
    // The TTL with which a copy from the shared cache begins its life near, of a row or of its
    // absence; empty: what is left of the entry's own. One that begins anew may be as old as
    // both TTLs together.
    std::function<Duration(Key, bool is_absence)> restarted_ttl;

    // No near copy lives longer than this.
    Duration near_ttl_max = Duration::max();
};

class LayeredCache final : public Cache {
public:
    LayeredCache(Cache& near, Cache& shared, const Runtime& runtime, LayerRules rules);

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override;
    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override;
    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override;

private:
    std::expected<Cached, Missed> begin_quarantine(Key key, const Look& look);
    static bool names_near_entry(const Condition& condition);
    static Condition near_condition(const Condition& condition);
    Result<Stamp> put_near_first(Key key, const Row& row, const Life& life,
                                 const Condition& condition);
    Life near(Life life) const;
    Life life_of_copy(Key key, const Cached& shared, Instant asked) const;

    Cache& near_;
    Cache& shared_;
    const Runtime& runtime_;
    const LayerRules rules_;
};

}  // namespace stalemark
