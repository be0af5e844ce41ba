// SPDX-License-Identifier: Apache-2.0
// The history of a run, where one is recorded: which keys are followed, where their operations
// go, and what judging them comes to.

#pragma once

#include <cstdint>
#include <optional>

#include "experiment/experiment.h"
#include "history/history_recorder.h"

namespace stalemark {

// What came of it.
struct HistoryFacts {
    std::uint64_t keys = 0;            // That were followed.
    std::uint64_t lost = 0;            // Operations that did not fit into memory.
    std::optional<Findings> findings;  // Where it was judged.
};

class Recording {
public:
    // Requires: the experiment's history is recorded. Throws InputError if its file cannot be
    // written.
    explicit Recording(const Experiment& experiment);
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    HistoryRecorder& recorder() { return recorder_; }

    // All clients have ended. Once; throws RunError.
    HistoryFacts finish();

    std::size_t memory_bytes() const { return checker_ ? checker_->memory_bytes() : 0; }

private:
    std::optional<HistoryWriter> writer_;
    std::optional<HistoryChecker> checker_;
    HistoryRecorder recorder_;
};

// So many of the workload's keys, or all: half of them the ones that its first phase asks for
// most often, the others at random. Depends on the workload and the seed alone. Of a trace all
// are taken at random.
KeySample choose_keys(const WorkloadSpec& workload, std::uint64_t wanted, std::uint64_t seed);

}  // namespace stalemark
