// SPDX-License-Identifier: Apache-2.0
// Write-through: a write updates the store, then the cache.
//
// Strength: what was just written is already cached.
// Hazard: two writers of one key may reach the cache in the opposite order to the store, and
// then the cache is wrong until the entry expires. A slow reader's fill can do the same.

#pragma once

#include "strategies/strategy.h"

namespace stalemark {

class WriteThrough final : public Strategy {
public:
    using Strategy::Strategy;

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (cached) return answer_of(std::move(*cached));
        return load(key, cached.error());
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return change(key, bytes, [&](const Result<Row>& stored) { update(key, stored); });
    }
};

}  // namespace stalemark
