// SPDX-License-Identifier: Apache-2.0
// What a run leaves behind: everything that its result is written from.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assembly/fleet.h"
#include "caches/cache.h"
#include "driver/driver.h"
#include "experiment/canary.h"
#include "experiment/experiment.h"
#include "experiment/overhead.h"
#include "experiment/recording.h"
#include "experiment/store_marks.h"
#include "experiment/verdict.h"
#include "measure/divergence.h"
#include "measure/visibility.h"
#include "runtime/virtual_runtime.h"
#include "wire/wired_store.h"

namespace stalemark {

// Processor time of this process, and the most memory that it ever had resident.
struct Usage {
    std::uint64_t user_ns = 0;
    std::uint64_t system_ns = 0;
    std::uint64_t resident_bytes_max = 0;
};

// Everything that is counted, at one moment.
struct Counts {
    CacheCounts cache;  // Of all nodes.
    std::optional<CacheCounts> shared_cache;
    std::uint64_t reloads = 0;  // In the background.
    StoreCounts store;
    Histogram store_queue;
    StoreFacts store_facts;
    Usage usage;
    std::optional<MachineTime> machine;
};

struct Observations {
    std::string started_at;
    std::optional<Canary> canary;  // Of a run that is part of a session.
    Counts before;                 // The measured part.
    Counts after;
    CacheUse cache_use;  // Of all nodes.
    std::optional<CacheUse> shared_use;
    std::optional<EventCounts> events_before;
    std::optional<EventCounts> events;  // With those that the drain delivered.
    std::optional<VisibilityCounts> visibility;
    std::uint64_t concurrent_reads_max = 0;
    StoreMarks store_marks;                // Of the measured part.
    std::vector<std::uint64_t> calls_hit;  // In the measured part, by fault.
    std::optional<DriveResult> driven;     // Always there when the run has ended.
    std::uint64_t exposure_writes_max = 0;
    std::uint64_t exposure_writes_at_stop = 0;
    Duration exposure_age_max{0};
    std::uint64_t harness_bytes = 0;  // Of judges, recorders and clients.
    std::vector<ShieldCount> shield_before;
    std::vector<ShieldCount> shield;  // Of the measured part and the drain.
    QueueCounts queue_before;
    std::optional<QueueCounts> queue;  // Of the measured part and the drain.
    std::optional<Divergence> at_stop, after_drain, after_ttl;
    std::optional<HistoryFacts> history;        // Where one is recorded.
    Overhead overhead;                          // Over real threads.
    std::optional<VirtualFacts> virtual_facts;  // In virtual time.
    std::optional<Verdict> verdict;             // Of a run that was audited to its end.

    // Processor time of the measured part.
    Duration processor_time() const {
        return Duration(after.usage.user_ns + after.usage.system_ns - before.usage.user_ns -
                        before.usage.system_ns);
    }
};

}  // namespace stalemark
