#include "experiment/rig.h"

#include <functional>

#include "core/header.h"
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
                           ? make_virtual_runtime({.seed = mix(experiment.seed)})
                           : nullptr),
      thread_runtime_(experiment.is_virtual() ? nullptr : make_thread_runtime()),
      runtime_(virtual_runtime_ ? virtual_runtime_.get() : thread_runtime_.get()),
      judges_(experiment.workload.keys, preloaded_keys(experiment.workload), experiment.clients,
              experiment.sessions, are_sessions_shared(experiment)),
      store_(prepare_store(experiment, progress, stop)),
      cache_faults_(*runtime_, experiment.faults, FaultPlace::cache, experiment.seed),
      store_faults_(*runtime_, experiment.faults, FaultPlace::store, experiment.seed),
      store_wire_(
          *runtime_, experiment.store_wire, "store wire", experiment.seed,
          [this](Duration waited) { note_queue(waited); }, &store_faults_),
      wired_store_(store_->store(), store_wire_, experiment.workload.keys,
                   [this](const Stored& stored) { note_stored(stored); }) {
    judges_.store_account = {.hold = [this] { wired_store_.hold(); },
                             .tell = [this] { wired_store_.tell(); }};
    if (const Promise promise = promise_of(experiment);
        promise.consistency == Promise::Consistency::bounded_staleness) {
        judges_.bound = promise.bound;
    }
    fleet_.emplace(experiment, *runtime_, wired_store_, store_->store(), judges_,
                   cache_faults_);
    if (!experiment.fleet.is_fleet()) return;
    visibility_.emplace(
        *runtime_, judges_.oracle,
        [this](Key key, Instant at, const std::function<void(const Cached&)>& see) {
            fleet_->peek(key, at, see);
        },
        // A look takes as many glances as there are nodes: no matter in virtual time.
        experiment.is_virtual() ? 1 : experiment.fleet.nodes);
    judges_.on_acknowledged = [this](Key key, const Header& header, Instant when) {
        visibility_->note(key, header, when);
    };
}

void Rig::note_stored(const Stored& stored) {
    const Instant now = runtime_->now();
    if (stored.header) {
        judges_.exposure.note_stored(stored.key, *stored.header, now);
    } else {
        judges_.exposure.note_deleted(stored.key, now);
    }
}

std::optional<VirtualFacts> Rig::virtual_facts() const {
    if (!virtual_runtime_) return std::nullopt;
    return virtual_runtime_->facts();
}

void Rig::start_faults() {
    cache_faults_.start();
    store_faults_.start();
    fleet_->start_faults();
}

std::vector<std::uint64_t> Rig::calls_hit() const {
    std::vector<std::uint64_t> hit = cache_faults_.calls_hit();
    const std::vector<std::uint64_t> of_store = store_faults_.calls_hit();
    std::ranges::transform(hit, of_store, hit.begin(), std::plus());
    return hit;
}

void Rig::note_queue(Duration waited) {
    const std::lock_guard lock(guard_);
    queue_.add(waited);
}

Histogram Rig::queue() {
    const std::lock_guard lock(guard_);
    return queue_;
}

}  // namespace stalemark
