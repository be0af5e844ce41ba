// A store that holds a workload's data, settled, for one run.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/progress.h"
#include "stores/store.h"

namespace stalemark {

// What a store says of itself, as numbers by name: counts since it was opened, or levels, whose
// names end in _now.
using StoreFacts = std::vector<std::pair<std::string, std::uint64_t>>;

class PreparedStore {
public:
    virtual ~PreparedStore() = default;
    virtual Store& store() = 0;

    // Empty if it says nothing.
    virtual StoreFacts facts() const { return {}; }
};

// Loads what the workload starts with, or finds it loaded in the experiment's folder. Throws
// InputError if that folder is not to be used, RunError if loading failed.
std::unique_ptr<PreparedStore> prepare_store(const Experiment& experiment, Progress& progress,
                                             const std::atomic<bool>& stop);

}  // namespace stalemark
