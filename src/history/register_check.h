// SPDX-License-Identifier: Apache-2.0
// Judges the whole history of one key that lies in memory.

#pragma once

#include <optional>
#include <span>

#include "history/findings.h"
#include "history/history_operation.h"

namespace stalemark {

// In any order; lines tell the operations apart. `initial` is what the key held before. Takes
// about 0.1 us per operation, and needs no more memory than the operations do. Throws
// RepeatedVersion. The findings keep up to `worst_most` anomalies of each class.
Findings check_register(std::span<const HistoryOperation> operations, Name initial,
                        std::size_t worst_most = 10);

// Delta and gamma of a history in which every read is of a version that is written, and nothing
// is erased: the extents by which conflicting versions miss each other, at their largest. A
// version is a zone from the first end to the last begin of its operations. Quadratic in the
// number of versions.
struct Spans {
    // The least by which all reads must begin earlier; nothing: none helps.
    std::optional<HistoryTime> delta;
    // The least by which all intervals must be longer, half of it at each end; nothing: none
    // helps.
    std::optional<HistoryTime> gamma;
};
Spans spans_of_register(std::span<const HistoryOperation> operations, Name initial);

}  // namespace stalemark
