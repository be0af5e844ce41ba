// SPDX-License-Identifier: Apache-2.0
// No cache: every operation goes to the store.
//
// Strength: nothing can be stale and nothing lost; the baseline for all others.
// Hazard: every read costs the store a read.

#pragma once

#include "strategies/strategy.h"

namespace stalemark {

class NoCache final : public Strategy {
public:
    using Strategy::Strategy;

    Result<Answer> read(Key key) override {
        auto stored = store.get(key);
        if (!stored) return std::unexpected(stored.error());
        return Answer{std::move(*stored), Outcome::bypass};
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return acknowledge(commit(key, bytes));
    }
};

}  // namespace stalemark
