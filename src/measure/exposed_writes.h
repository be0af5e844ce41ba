// SPDX-License-Identifier: Apache-2.0
// The acknowledged writes of one key that the store has not taken yet.
//
// Whatever makes a write safe makes every earlier one safe, too: those that the store takes are
// always the first, and each is looked at once, not once for every change of its key.

#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

#include "core/types.h"
#include "measure/oracle.h"

namespace stalemark {

class ExposedWrites {
public:
    // `invocation`: the stamp of the write's beginning; no two writes of a key share one.
    void add(Oracle::Stamp invocation, Instant acknowledged) {
        writes_.emplace(invocation, acknowledged);
    }

    // Forgets those that are safe. `is_safe`: of a stamp; if it holds for one it holds for all
    // before it. `forgotten`: told when each had been acknowledged. Answers how many.
    template <typename IsSafe, typename Forgotten>
    std::uint64_t forget_safe(IsSafe is_safe, Forgotten forgotten) {
        std::uint64_t safe = 0;
        while (!writes_.empty() && is_safe(writes_.begin()->first)) {
            forgotten(writes_.begin()->second);
            writes_.erase(writes_.begin());
            ++safe;
        }
        return safe;
    }

    bool is_empty() const { return writes_.empty(); }

    // Of those left, the first to have been acknowledged; `never` if none is.
    Instant oldest() const {
        Instant oldest = never;
        for (const auto& [invocation, acknowledged] : writes_)
            oldest = std::min(oldest, acknowledged);
        return oldest;
    }

private:
    std::map<Oracle::Stamp, Instant> writes_;  // When each was acknowledged, by invocation.
};

}  // namespace stalemark
