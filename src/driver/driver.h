// SPDX-License-Identifier: Apache-2.0
// Clients that send a workload's operations to a strategy and witness what comes back. They
// measure around the strategy, so that no strategy can forget to.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "driver/processors.h"
#include "driver/warmup_facts.h"
#include "history/history_recorder.h"
#include "measure/recorder.h"
#include "measure/witness.h"
#include "runtime/runtime.h"
#include "strategies/strategy.h"
#include "workload/payload.h"
#include "workload/source.h"

namespace stalemark {

struct DriveSettings {
    std::uint64_t seed = 1;
    std::uint32_t clients = 1;   // Those who ask at once.
    std::uint32_t sessions = 1;  // Open loop: users in all.
    // Of the measured part; whichever of the two comes first. At least one is set.
    std::optional<Duration> duration;
    std::optional<std::uint64_t> operations;
    std::optional<Duration> warmup;               // Nothing: until the hit ratio is stable.
    Duration interval = std::chrono::seconds(1);  // Of the timeline.
    // Of each node, simulated; nothing: the machine's own.
    std::optional<ProcessorSettings> processors;
    // Whether all tasks run on one thread and time costs nothing. The driver then looks around
    // at the marks of the timeline alone, and not every 50 ms.
    bool is_virtual = false;
    // If any: records the operations of all clients from the beginning of the warm-up.
    HistoryRecorder* history = nullptr;
};

// What the driver reports while it runs, from the task that drives. All are optional.
struct DriveHooks {
    std::function<void()> on_measure;  // The warm-up is over and every client at rest.
    // While measuring, with the time since the start: when an interval of the timeline ends
    // (in virtual time exactly then, over threads as soon as the driver runs), and now and then
    // in between.
    std::function<void(Duration)> on_mark;
    // Now and then while warming up: time since its start.
    std::function<void(Duration)> on_warmup;
    // Now and then while measuring: time since the start, and what counts the operations sent
    // by then, which takes as long as there are clients.
    std::function<void(Duration, const std::function<std::uint64_t()>&)> on_progress;
};

struct DriveResult {
    Recorder recorder;
    ConsistencyCounts consistency;
    Duration elapsed{0};                 // Of the measured part.
    Warmup warmup;                       // That went before.
    bool is_complete = true;             // False: `stop` was set.
    bool is_open_loop = false;           // Some phase had a rate of its own or a trace's times.
    std::uint64_t clients_busy_max = 0;  // At once, in phases that are open loops.
    // Whether in some such phase the clients fell further and further behind.
    bool is_saturated = false;
    std::size_t memory_bytes = 0;  // Of clients and recorders.
};

// Drives the workload from first to last phase. Clients go round the nodes, and so do sessions.
// Call it in a task of the runtime; it returns when every client has ended. Ends soon after
// `stop` is set.
DriveResult drive(Runtime& runtime, std::span<Strategy* const> nodes, Judges& judges,
                  const WorkloadSpec& spec, const DriveSettings& settings,
                  const DriveHooks& hooks, const std::atomic<bool>& stop);

// The same with one node.
DriveResult drive(Runtime& runtime, Strategy& strategy, Judges& judges,
                  const WorkloadSpec& spec, const DriveSettings& settings,
                  const DriveHooks& hooks, const std::atomic<bool>& stop);

}  // namespace stalemark
