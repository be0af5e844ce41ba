// What was observed in one run, before it becomes a result.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "caches/cache.h"
#include "driver/driver.h"
#include "experiment/canary.h"
#include "experiment/experiment.h"
#include "experiment/fleet.h"
#include "experiment/overhead.h"
#include "experiment/store_marks.h"
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
    Json store_facts;
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
    Overhead overhead;                          // Over real threads.
    std::optional<VirtualFacts> virtual_facts;  // In virtual time.
};

// The result of the run.
struct RunOutcome {
    Json result;                           // As docs/results.md says.
    std::optional<Duration> simulated_in;  // Processor time of a simulated measured part.
    bool is_complete = true;
    bool is_promise_broken = false;
};
RunOutcome compose(const Experiment& experiment, const Observations& seen);

}  // namespace stalemark
