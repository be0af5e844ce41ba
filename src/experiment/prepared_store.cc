#include "experiment/prepared_store.h"

#include "experiment/data_set.h"
#include "stores/catalog.h"
#include "stores/data_folder.h"

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

// One that is gone with the process.
class PreparedHere final : public PreparedStore {
public:
    PreparedHere(const StoreEntry& entry, const Experiment& experiment,
                 const std::function<void(Store&)>& load)
        : store_(entry.open({.folder = {},
                             .rocks = {},
                             .memory = {.keeps_log = follows_log(experiment.system)}})) {
        load(*store_);
    }
    Store& store() override { return *store_; }

private:
    std::unique_ptr<Store> store_;
};

class PreparedRocks final : public PreparedStore {
public:
    PreparedRocks(const Experiment& experiment, const std::function<void(Store&)>& load)
        : folder_(experiment.store.db ? std::make_unique<DataFolder>(*experiment.store.db)
                                      : DataFolder::temporary()) {
        folder_->prepare(data_digest(experiment.workload, experiment.store.compression), load,
                         experiment.store.compression);
        store_ = folder_->open_run({.sync = experiment.store.sync,
                                    .block_cache_bytes = experiment.store.block_cache_bytes,
                                    .compression = experiment.store.compression,
                                    .keeps_log = follows_log(experiment.system)});
    }

    Store& store() override { return *store_; }

    StoreFacts facts() const override {
        const RocksFacts facts = store_->facts();
        return {{"bytes_written", facts.bytes_written()},
                {"user_bytes_written", facts.user_bytes},
                {"log_bytes", facts.log_bytes},
                {"table_bytes", facts.table_bytes},
                {"block_cache_hits", facts.block_cache_hits},
                {"block_cache_misses", facts.block_cache_misses},
                {"compaction_pending_bytes_now", facts.compaction_pending_bytes},
                {"disk_bytes_now", facts.disk_bytes}};
    }

private:
    std::unique_ptr<DataFolder> folder_;
    std::unique_ptr<RocksStore> store_;  // After the folder: closed before it.
};

}  // namespace

std::unique_ptr<PreparedStore> prepare_store(const Experiment& experiment, Progress& progress,
                                             const std::atomic<bool>& stop) {
    const auto load = loader(experiment.workload, progress, stop);
    const StoreEntry& entry = find_store(experiment.store.name);
    if (entry.durable) return std::make_unique<PreparedRocks>(experiment, load);
    return std::make_unique<PreparedHere>(entry, experiment, load);
}

}  // namespace stalemark
