// SPDX-License-Identifier: Apache-2.0
// The parts of one run, put together: time, the loaded store, the system before it and its
// judges.

#pragma once

#include <atomic>
#include <memory>

#include "assembly/system.h"
#include "experiment/experiment.h"
#include "experiment/prepared_store.h"
#include "experiment/visibility_probe.h"
#include "measure/witness.h"
#include "runtime/runtime.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {

class Rig {
public:
    Rig(const Experiment& experiment, Progress& progress, const std::atomic<bool>& stop);

    Runtime& runtime() { return *runtime_; }

    // Of a run in virtual time so far; nothing over real threads.
    std::optional<VirtualFacts> virtual_facts() const;
    System& system() { return *system_; }
    Fleet& fleet() { return system_->fleet(); }
    Judges& judges() { return judges_; }

    // Where there is more than one cache; else nullptr.
    VisibilityProbe* visibility() { return visibility_ ? &*visibility_ : nullptr; }

    // The store itself, for counts and audits.
    Store& store() { return store_.store(); }

private:
    std::unique_ptr<VirtualRuntime> virtual_runtime_;  // The one or the other.
    std::unique_ptr<Runtime> thread_runtime_;
    Runtime* runtime_;
    Judges judges_;
    PreparedStore store_;
    std::optional<System> system_;
    std::optional<VisibilityProbe> visibility_;
};

}  // namespace stalemark
