// A near cache in the node before a cache that all nodes share.
//
// A read looks near first, and in the shared cache if it finds nothing fresh there; what it
// finds there it keeps near, too. A change reaches the shared cache first: done the other way
// round, a reader could fetch the old entry from there again and keep it. While the shared
// cache does not answer, the near one goes on alone.
//
// What this node knows to be out of date it neither puts into the shared cache nor takes from
// there: then it loads, and its fill mends the shared entry.
//
// The token of an entry is that of its near copy; replace() puts into the shared cache whatever
// is there if the near copy is still the one that was meant.

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

    // Whether this node has heard of a newer version of the row; empty: it hears of none. Must
    // not wait.
    std::function<bool(Key, const std::optional<Value>&)> is_outdated;

    // No near copy lives longer than this.
    Duration near_ttl_max = Duration::max();
};

class LayeredCache final : public Cache {
public:
    LayeredCache(Cache& near, Cache& shared, const Runtime& runtime, LayerRules rules);

    using Cache::get;
    std::expected<Cached, Miss> get(Key key, Look look) override;
    using Cache::put;
    Result<std::uint64_t> put(Key key, const std::optional<Value>& value,
                              const Life& life) override;
    using Cache::replace;
    Result<bool> replace(Key key, std::uint64_t token, const std::optional<Value>& value,
                         const Life& life) override;
    Result<void> erase(Key key) override;

private:
    bool is_outdated(Key key, const std::optional<Value>& value) const {
        return rules_.is_outdated && rules_.is_outdated(key, value);
    }
    Life near(Life life) const;
    Life life_of_copy(Key key, const Cached& shared, Instant asked) const;

    Cache& near_;
    Cache& shared_;
    const Runtime& runtime_;
    const LayerRules rules_;
};

}  // namespace stalemark
