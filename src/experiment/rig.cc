// SPDX-License-Identifier: Apache-2.0
#include "experiment/rig.h"

#include <functional>

#include "core/random.h"
#include "experiment/data_set.h"
#include "runtime/thread_runtime.h"
#include "workload/source.h"

namespace stalemark {
namespace {

// Whether several threads may be at one table of the session memory at once: operations of one
// session, or of two that share a table.
bool are_sessions_shared(const Experiment& experiment) {
    return !experiment.is_virtual() && (has_open_loop(experiment.workload) ||
                                        experiment.sessions > SessionMemory::tables_max);
}

}  // namespace

Rig::Rig(const Experiment& experiment, Progress& progress, const std::atomic<bool>& stop)
    : virtual_runtime_(experiment.is_virtual()
                           ? make_virtual_runtime({.seed = mix(experiment.system.seed)})
                           : nullptr),
      thread_runtime_(experiment.is_virtual() ? nullptr : make_thread_runtime()),
      runtime_(virtual_runtime_ ? virtual_runtime_.get() : thread_runtime_.get()),
      judges_(experiment.workload.keys, preloaded_keys(experiment.workload), experiment.clients,
              experiment.sessions, are_sessions_shared(experiment)),
      store_(experiment, progress, stop) {
    judges_.verifies = experiment.verifies;
    system_.emplace(experiment.system, *runtime_, store_.store(), judges_);
    if (const Promise promise = promise_of(experiment.system);
        promise.consistency == Promise::Consistency::bounded_staleness) {
        judges_.bound = promise.bound;
    }
    const FleetSettings& fleet = experiment.system.fleet;
    if (!fleet.is_fleet()) return;
    visibility_.emplace(
        *runtime_, judges_.oracle,
        [this](Key key, Instant at, const std::function<void(const Cached&)>& see) {
            system_->fleet().peek(key, at, see);
        },
        // A look takes as many glances as there are nodes: no matter in virtual time.
        experiment.is_virtual() ? 1 : fleet.nodes);
    judges_.on_acknowledged = [this](Key key, const Header& header, Instant when) {
        visibility_->note(key, header, when);
    };
}

std::optional<VirtualFacts> Rig::virtual_facts() const {
    if (!virtual_runtime_) return std::nullopt;
    return virtual_runtime_->facts();
}

}  // namespace stalemark
