// SPDX-License-Identifier: Apache-2.0
#include "assembly/system.h"

#include <algorithm>
#include <functional>

namespace stalemark {

System::System(const SystemSettings& settings, Runtime& runtime, Store& far_store,
               Judges& judges)
    : runtime_(runtime),
      judges_(judges),
      cache_faults_(runtime, settings.faults, FaultPlace::cache, settings.seed),
      store_faults_(runtime, settings.faults, FaultPlace::store, settings.seed),
      store_wire_(
          runtime, settings.store_wire, "store wire", settings.seed,
          [this](Duration waited) { note_queue(waited); }, &store_faults_),
      store_(far_store, store_wire_, settings.keys,
             [this](const Stored& stored) { note_stored(stored); }),
      fleet_(settings, runtime, store_, far_store, judges, cache_faults_) {
    judges_.store_account = {.hold = [this] { store_.hold(); },
                             .tell = [this] { store_.tell(); },
                             .fetch = [this](Key key) { store_.fetch_account(key); }};
}

void System::note_stored(const Stored& stored) {
    const Instant now = runtime_.now();
    if (stored.header) {
        judges_.exposure.note_stored(stored.key, *stored.header, now);
    } else {
        judges_.exposure.note_deleted(stored.key, now);
    }
}

void System::start_faults() {
    cache_faults_.start();
    store_faults_.start();
    fleet_.start_faults();
}

std::vector<std::uint64_t> System::calls_hit() const {
    std::vector<std::uint64_t> hit = cache_faults_.calls_hit();
    const std::vector<std::uint64_t> of_store = store_faults_.calls_hit();
    std::ranges::transform(hit, of_store, hit.begin(), std::plus());
    return hit;
}

void System::note_queue(Duration waited) {
    const std::lock_guard lock(guard_);
    queue_.add(waited);
}

Histogram System::queue() {
    const std::lock_guard lock(guard_);
    return queue_;
}

}  // namespace stalemark
