// SPDX-License-Identifier: Apache-2.0
// Write-around: a write goes to the store and leaves the cache alone.
//
// Strength: data that is written and never read takes no room in the cache.
// Hazard: a cached copy stays as it was until its TTL ends, and its own writer reads it.
//
// --invalidate set brings a cached copy up to date, but caches nothing new. With erase or event
// it is cache-aside.

#pragma once

#include "strategies/strategy.h"

namespace stalemark {

class WriteAround final : public Strategy {
public:
    using Strategy::Strategy;

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (cached) return answer_of(std::move(*cached));
        return load(key, cached.error());
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return change(key, bytes, [&](const Result<Row>& stored) {
            if (settings.invalidate != Invalidate::set || is_cached(key))
                invalidate(key, stored);
        });
    }

private:
    bool is_cached(Key key) { return cache.get(key, Look::other).has_value(); }
};

}  // namespace stalemark
