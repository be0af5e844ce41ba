// SPDX-License-Identifier: Apache-2.0
// Small random histories of one key: half of them linearizable but for a few reads, half at
// random.

#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/random.h"
#include "history/history_operation.h"

namespace stalemark {

struct RandomHistorySettings {
    std::uint64_t operations_least = 3;
    std::uint64_t operations_most = 11;
    bool has_erases = false;
};

inline HistoryTime draw_point(const HistoryOperation& operation, HistoryTime span,
                              Random& random) {
    const HistoryTime end = std::min(operation.ended, span);
    const auto room =
        static_cast<std::uint64_t>(std::max<HistoryTime>(end - operation.began, 0));
    return operation.began + static_cast<HistoryTime>(random.below(room + 1));
}

// The reads see what the writes before them wrote, were each to happen at once at an instant
// within its interval.
inline void make_plausible(std::vector<HistoryOperation>& operations, HistoryTime span,
                           Random& random) {
    std::vector<std::pair<HistoryTime, std::size_t>> points;
    for (std::size_t i = 0; i < operations.size(); ++i)
        points.emplace_back(draw_point(operations[i], span, random), i);
    std::ranges::sort(points);
    Name value = Name::of_integer(0);
    for (const auto& [point, i] : points) {
        if (operations[i].is_read()) {
            operations[i].version = value;
        } else {
            value = operations[i].version;
        }
    }
}

// Initially the key holds version 0; each operation is of a client of its own.
inline std::vector<HistoryOperation> random_history(const RandomHistorySettings& settings,
                                                    Random& random) {
    const std::uint64_t size =
        settings.operations_least +
        random.below(settings.operations_most - settings.operations_least + 1);
    const auto span = static_cast<HistoryTime>(4 + random.below(30));
    std::vector<HistoryOperation> operations;
    std::vector<Name> versions = {Name::of_integer(0)};
    for (std::uint64_t i = 0; i < size; ++i) {
        auto from = static_cast<HistoryTime>(random.below(static_cast<std::uint64_t>(span)));
        auto to = static_cast<HistoryTime>(random.below(static_cast<std::uint64_t>(span)));
        if (from > to) std::swap(from, to);
        HistoryOperation operation{.began = from,
                                   .ended = to,
                                   .line = static_cast<std::uint32_t>(i + 1),
                                   .client = static_cast<std::uint32_t>(i)};
        if (random.below(3) == 0) {
            const bool is_erase = settings.has_erases && random.below(2) == 0;
            operation.action = is_erase ? HistoryAction::erase : HistoryAction::write;
            if (!is_erase)
                operation.version = Name::of_integer(static_cast<std::int64_t>(i + 1));
            versions.push_back(operation.version);
            if (random.below(12) == 0) operation.ended = after_history;
        }
        operations.push_back(operation);
    }
    const bool is_plausible = random.below(2) == 0;
    if (is_plausible) make_plausible(operations, span, random);
    const bool is_disturbed = random.below(2) == 0;
    for (HistoryOperation& operation : operations) {
        if (!operation.is_read()) continue;
        if (is_plausible && !(is_disturbed && random.below(6) == 0)) continue;
        operation.version = versions[random.below(versions.size())];
    }
    return operations;
}

}  // namespace stalemark
