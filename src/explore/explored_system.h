// SPDX-License-Identifier: Apache-2.0
// A small system under test: the nodes that runs have, over tiers whose calls are steps.

#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "assembly/node.h"
#include "explore/explored_cache.h"
#include "explore/explored_store.h"
#include "explore/schedule_choice.h"
#include "explore/schedule_runtime.h"
#include "runtime/task_group.h"

namespace stalemark {

class ExploredSystem {
public:
    ExploredSystem(const ExploredSetup& setup, ScheduleRuntime& runtime);

    ExploredStore& store() { return store_; }
    const ExploredStore& store() const { return store_; }
    Strategy& strategy(std::uint32_t node) { return nodes_[node].strategy(); }

    // nullptr: there is none.
    ExploredCache* shared() { return shared_ ? &*shared_ : nullptr; }
    LocalCache* near(std::uint32_t node) { return nodes_[node].near_cache(); }

private:
    void follow_log();
    std::unique_ptr<LocalCache> make_cache(const CacheSettings& settings);

    const ExploredSetup& setup_;
    ScheduleRuntime& runtime_;
    ExploredStore store_;
    std::unique_ptr<LocalCache> shared_cache_;
    std::unique_ptr<LocalCache> leases_cache_;
    std::unique_ptr<LocalCache> locks_cache_;
    std::optional<ExploredCache> shared_;
    std::optional<ExploredCache> leases_;
    std::optional<ExploredCache> locks_;
    std::unique_ptr<Guard> guard_of_log_;
    std::optional<LostEvents> lost_events_;
    std::optional<Bus> bus_;
    std::deque<Node> nodes_;
    std::optional<TaskGroup> following_;  // The last member: the first to go.
};

}  // namespace stalemark
