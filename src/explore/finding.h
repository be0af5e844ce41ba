// SPDX-License-Identifier: Apache-2.0
// An anomaly of an outcome, with the operations and copies that show it. What each class means
// says judge.h.

#pragma once

#include <optional>

#include "explore/anomaly_class.h"
#include "explore/outcome.h"
#include "explore/version_order.h"

namespace stalemark {

struct AnomalyFinding {
    Key key{0};

    // The read at which it is seen; of lost_update the write that is committed last, of stuck
    // the operation that waits. -1: it is seen at rest.
    int operation = -1;

    // The change or the earlier read that shows it: of read_your_writes and store_older the
    // acknowledged change, of monotonic_reads the earlier read, of lost_update the other write.
    // Of linearizability the acknowledged change that had replaced what was read, or the
    // earlier read of something newer, or the change that was read before it began; -1: it
    // takes more.
    int other = -1;

    int copy = -1;  // Of the outcome's copies.
};

// The first one of the class, by place in the program; nothing: the outcome has none.
std::optional<AnomalyFinding> find_anomaly(const ExploredOutcome& outcome,
                                           const VersionOrder& order, ScheduleAnomaly of);

}  // namespace stalemark
