// SPDX-License-Identifier: Apache-2.0
// The order in which operations are judged.

#pragma once

#include "history/history_operation.h"

namespace stalemark {

// By the instant at which they began, so that a write comes before the reads of it; of those
// that began together writes come first.
inline bool comes_before(const HistoryOperation& one, const HistoryOperation& other) {
    if (one.began != other.began) return one.began < other.began;
    if (one.is_read() != other.is_read()) return other.is_read();
    return one.line < other.line;
}

}  // namespace stalemark
