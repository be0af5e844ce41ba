// SPDX-License-Identifier: Apache-2.0
// A store that holds a workload's data, settled, for one run.

#pragma once

#include <atomic>
#include <memory>

#include "experiment/experiment.h"
#include "experiment/progress.h"
#include "stores/data_folder.h"
#include "stores/store.h"

namespace stalemark {

class PreparedStore {
public:
    // Loads what the workload starts with, or finds it loaded in the experiment's folder.
    // Throws InputError if that folder is not to be used, RunError if loading failed.
    PreparedStore(const Experiment& experiment, Progress& progress,
                  const std::atomic<bool>& stop);

    Store& store() { return *store_; }

private:
    std::unique_ptr<DataFolder> folder_;  // Nothing: the store has no files.
    std::unique_ptr<Store> store_;        // After the folder: closed before it.
};

}  // namespace stalemark
