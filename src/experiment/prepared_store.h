// A store that holds a workload's data, settled, for one run.

#pragma once

#include <atomic>
#include <memory>

#include "experiment/experiment.h"
#include "report/progress.h"
#include "report/sections.h"
#include "stores/store.h"

namespace stalemark {

class PreparedStore {
public:
    virtual ~PreparedStore() = default;
    virtual Store& store() = 0;

    // What the store says of itself, as numbers by name: counts since it was opened, or levels,
    // whose names end in _now. Empty if it says nothing.
    virtual Json facts() const { return Json::object(); }
};

// Loads what the workload starts with, or finds it loaded in the experiment's folder. Throws
// InputError if that folder is not to be used, RunError if loading failed.
std::unique_ptr<PreparedStore> prepare_store(const Experiment& experiment, Progress& progress,
                                             const std::atomic<bool>& stop);

}  // namespace stalemark
