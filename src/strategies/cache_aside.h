// SPDX-License-Identifier: Apache-2.0
// Cache-aside (lazy loading): readers fill the cache on a miss, writers erase.
//
// Strength: only what is read is cached, and a cold or lost cache costs misses, not errors.
// Hazard: a reader that missed before a write may fill the cache with the old value after it,
// where it stays until it expires or is written again.

#pragma once

#include "strategies/strategy.h"

namespace stalemark {

class CacheAside final : public Strategy {
public:
    using Strategy::Strategy;

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (cached) return answer_of(std::move(*cached));
        return load(key, cached.error());
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return change(key, bytes, [&](const Result<Row>& stored) { invalidate(key, stored); });
    }
};

}  // namespace stalemark
