// SPDX-License-Identifier: Apache-2.0
// The anomalies that judging a read can come to, with the operations that prove them.

#pragma once

#include <cstdint>
#include <optional>

#include "history/anomaly.h"
#include "history/open_version.h"
#include "history/session_views.h"

namespace stalemark {

// `write` precedes `replacement`, and that precedes the read of what `write` wrote.
Anomaly stale_read(const HistoryOperation& write, const HistoryOperation& replacement,
                   const HistoryOperation& read);

Anomaly phantom_read(const HistoryOperation& read);

// The conflict of `version`, with the read, and another one: an order anomaly.
Anomaly conflict_with(const OpenVersion& version, const ForgottenZone& other,
                      const HistoryOperation& read);

// Whether one of its operations is only assigned to its version, so that it proves nothing.
bool is_doubtful(const Anomaly& anomaly);

// What the read of what `write` wrote shows of its client's own writes and earlier reads.
std::optional<Anomaly> own_write_missed(const SessionView& view, const HistoryOperation& write,
                                        const HistoryOperation& read);
std::optional<Anomaly> earlier_read_missed(const SessionView& view,
                                           const HistoryOperation& write,
                                           const HistoryOperation& read);

}  // namespace stalemark
