// SPDX-License-Identifier: Apache-2.0
#include "experiment/prepared_store.h"

#include "experiment/data_set.h"
#include "stores/catalog.h"

namespace stalemark {
namespace {

// Loads a workload's rows into a store, telling how far it is.
std::function<void(Store&)> loader(const WorkloadSpec& workload, Progress& progress,
                                   const std::atomic<bool>& stop) {
    return [&](Store& store) {
        progress.show("loading", 0.0);
        load_data(workload, store, stop,
                  [&](double share) { progress.show("loading", share); });
        progress.show("settling");
    };
}

}  // namespace

PreparedStore::PreparedStore(const Experiment& experiment, Progress& progress,
                             const std::atomic<bool>& stop) {
    const StoreEntry& entry = find_store(experiment.store.name);
    const StoreChoice& choice = experiment.store;
    const StoreSettings settings = {.sync = choice.sync,
                                    .block_cache_bytes = choice.block_cache_bytes,
                                    .compression = choice.compression,
                                    .keeps_log = follows_log(experiment.system)};
    const auto load = loader(experiment.workload, progress, stop);
    if (!entry.traits.durable) {
        store_ = entry.open(settings);
        load(*store_);
        store_->settle();
        return;
    }
    folder_ = choice.db ? std::make_unique<DataFolder>(entry, *choice.db)
                        : DataFolder::temporary(entry);
    folder_->prepare(data_digest(experiment.workload, choice.compression), load,
                     choice.compression);
    store_ = folder_->open_run(settings);
}

}  // namespace stalemark
