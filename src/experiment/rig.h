// The parts of one run, put together: the one place that knows every kind of cache, store and
// wire.

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/fleet.h"
#include "experiment/prepared_store.h"
#include "experiment/visibility_probe.h"
#include "measure/histogram.h"
#include "measure/witness.h"
#include "runtime/runtime.h"
#include "runtime/virtual_runtime.h"
#include "wire/disturbance.h"
#include "wire/wired_store.h"

namespace stalemark {

class Rig {
public:
    Rig(const Experiment& experiment, Progress& progress, const std::atomic<bool>& stop);

    Runtime& runtime() { return *runtime_; }

    // Of a run in virtual time so far; nothing over real threads.
    std::optional<VirtualFacts> virtual_facts() const;
    Fleet& fleet() { return *fleet_; }
    Judges& judges() { return judges_; }

    // Where there is more than one cache; else nullptr.
    VisibilityProbe* visibility() { return visibility_ ? &*visibility_ : nullptr; }

    // The store itself, for counts and audits.
    PreparedStore& store() { return *store_; }

    // Faults count their time from now on.
    void start_faults();
    // Calls that each fault has hit so far.
    std::vector<std::uint64_t> calls_hit() const;

    // The store as the strategy sees it.
    WiredStore& wired_store() { return wired_store_; }

    // How long calls have waited for a server of the store so far.
    Histogram queue();

private:
    void note_stored(const Stored& stored);
    void note_queue(Duration waited);

    std::unique_ptr<VirtualRuntime> virtual_runtime_;  // The one or the other.
    std::unique_ptr<Runtime> thread_runtime_;
    Runtime* runtime_;
    Judges judges_;
    std::unique_ptr<PreparedStore> store_;
    std::mutex guard_;  // Of the histogram.
    Histogram queue_;
    Disturbance cache_faults_;
    Disturbance store_faults_;
    Wire store_wire_;
    WiredStore wired_store_;
    std::optional<Fleet> fleet_;
    std::optional<VisibilityProbe> visibility_;
};

}  // namespace stalemark
