#include "cli/prepared_store.h"

#include <fmt/format.h>

#include "cli/data_set.h"
#include "stores/memory_store.h"

namespace stalemark {
namespace {

class PreparedMemory final : public PreparedStore {
public:
    PreparedMemory(const WorkloadSpec& workload, Progress& progress, const std::atomic<bool>& stop) {
        load_data(workload, *store_, stop, [&](double share) {
            progress.show(fmt::format("loading {:.0f}%", 100 * share));
        });
    }
    Store& store() override { return *store_; }

private:
    std::unique_ptr<Store> store_ = make_memory_store();
};

}  // namespace

std::unique_ptr<PreparedStore> prepare_store(const Experiment& experiment, Progress& progress,
                                             const std::atomic<bool>& stop) {
    return std::make_unique<PreparedMemory>(experiment.workload, progress, stop);
}

}  // namespace stalemark
