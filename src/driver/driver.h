// Who asks, and when: clients that send a workload's operations to a strategy and witness what
// comes back. It measures around the strategy, so that no strategy can forget to.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "driver/processors.h"
#include "measure/recorder.h"
#include "measure/witness.h"
#include "runtime/runtime.h"
#include "strategies/strategy.h"
#include "workload/payload.h"
#include "workload/source.h"

namespace stalemark {

// Of a warm-up that lasts until the hit ratio is stable.
constexpr Duration warmup_max = std::chrono::seconds(30);

struct DriveSettings {
    std::uint64_t seed = 1;
    std::uint32_t clients = 1;
    std::optional<Duration> duration;             // Of the measured part; whichever of the
    std::optional<std::uint64_t> operations;      // two comes first. At least one is set.
    std::optional<Duration> warmup;               // Nothing: until the hit ratio is stable.
    Duration interval = std::chrono::seconds(1);  // Of the timeline.
    std::optional<ProcessorSettings>
        processors;              // Of each node, simulated; nothing: the machine's own.
    bool is_one_thread = false;  // All clients run on one thread: they can share a recorder.
};

// What the driver tells while it runs, from the task that drives. All are optional.
struct DriveHooks {
    std::function<void()> on_measure;  // The warm-up is over and every client at rest.
    // While measuring, with the time since the start: when an interval of the timeline ends
    // (in virtual time exactly then, over threads as soon as the driver runs), and now and then
    // in between.
    std::function<void(Duration)> on_mark;
    std::function<void(Duration)>
        on_warmup;  // Now and then while warming up: time since its start.
    // Now and then while measuring: time since the start, and what counts the operations sent
    // by then, which takes as long as there are clients.
    std::function<void(Duration, const std::function<std::uint64_t()>&)> on_progress;
};

struct DriveResult {
    Recorder recorder;
    ConsistencyCounts consistency;
    Duration longest_miss{0};   // Of all reads that missed, those of the warm-up included.
    Duration longest_write{0};  // Likewise.
    Duration elapsed{0};        // Of the measured part.
    Duration warmup{0};         // That went before.
    // From the first acknowledged write, of the warm-up included, to the end: no read saw
    // anything that had been replaced for longer. 0: nothing was written.
    Duration longest_age_possible{0};
    bool is_complete = true;    // False: `stop` was set.
    bool is_open_loop = false;  // Some phase had a rate of its own or a trace's times.
};

// Drives the workload from first to last phase: client i asks the i-th node's strategy, round
// and round. Call it in a task of the runtime; it returns when every client has ended. Ends
// soon after `stop` is set.
DriveResult drive(Runtime& runtime, std::span<Strategy* const> nodes, Judges& judges,
                  const WorkloadSpec& spec, const DriveSettings& settings,
                  const DriveHooks& hooks, const std::atomic<bool>& stop);

// The same with one node.
DriveResult drive(Runtime& runtime, Strategy& strategy, Judges& judges,
                  const WorkloadSpec& spec, const DriveSettings& settings,
                  const DriveHooks& hooks, const std::atomic<bool>& stop);

}  // namespace stalemark
