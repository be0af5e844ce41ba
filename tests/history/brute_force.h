// SPDX-License-Identifier: Apache-2.0
// Linearizability by its definition: is there an order of the operations, in which none comes
// before one that had ended before it began, and every read sees the latest write? Tries all of
// them; for up to 12 operations.

#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "history/history_operation.h"

namespace stalemark {

class BruteForce {
public:
    BruteForce(std::span<const HistoryOperation> operations, Name initial)
        : operations_(operations),
          values_{initial},
          seen_((std::size_t{1} << operations.size()) * (operations.size() + 1), false) {
        for (const HistoryOperation& operation : operations)
            values_.push_back(operation.version);
    }

    bool is_linearizable() { return go(0, 0); }

private:
    // `done` are linearized; the register holds the value at this place of values_.
    bool go(std::uint32_t done, std::size_t value) {
        HistoryTime first_end = after_history;
        bool is_whole = true;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if ((done >> i & 1) != 0) continue;
            first_end = std::min(first_end, operations_[i].ended);
            is_whole = is_whole && operations_[i].is_unknown();
        }
        if (is_whole) return true;
        const std::size_t state = done * (operations_.size() + 1) + value;
        if (seen_[state]) return false;
        seen_[state] = true;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            const HistoryOperation& next = operations_[i];
            if ((done >> i & 1) != 0 || next.began > first_end) continue;
            if (next.is_read() && next.version != values_[value]) continue;
            if (go(done | std::uint32_t{1} << i, next.is_read() ? value : i + 1)) return true;
        }
        return false;
    }

    std::span<const HistoryOperation> operations_;
    std::vector<Name> values_;  // Initially, and after each operation.
    std::vector<bool> seen_;
};

inline bool is_linearizable(std::span<const HistoryOperation> operations, Name initial) {
    return BruteForce(operations, initial).is_linearizable();
}

}  // namespace stalemark
