// SPDX-License-Identifier: Apache-2.0
// A shared cache as a node that checks events sees it. An entry that the check knows to be out
// of date is none, so that the node loads the row and its fill replaces the entry; and what is
// out of date is not put.
//
// The check is asked before the call: what is heard of while the call is under way comes too
// late. InformedCache is stricter, as nothing waits between its check and its near cache.

#pragma once

#include "caches/cache.h"
#include "guards/event_check.h"

namespace stalemark {

class CheckedCache final : public Cache {
public:
    CheckedCache(Cache& cache, EventCheck& check) : cache_(cache), check_(check) {}

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        auto cached = cache_.get(key, look);
        if (!cached || !check_.is_outdated(key, cached->row)) return cached;
        if (look.lease == Duration{0}) return std::unexpected(Miss::absent);
        // The entry is in the way of a lease.
        cache_.erase(key, Condition::unchanged(cached->stamp), {});
        cached = cache_.get(key, {.is_first = false, .lease = look.lease});
        if (cached && check_.is_outdated(key, cached->row))
            return std::unexpected(Miss::absent);
        return cached;
    }

    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override {
        if (check_.is_outdated(key, row)) return no_stamp;
        return cache_.put(key, row, life, condition);
    }

    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override {
        return cache_.erase(key, condition, remains);
    }

private:
    Cache& cache_;
    EventCheck& check_;
};

}  // namespace stalemark
