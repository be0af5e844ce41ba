// SPDX-License-Identifier: Apache-2.0
// The system under test: nodes before a store, and the wires between them. The one place that
// knows every kind of cache, strategy and wire.

#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "assembly/fleet.h"
#include "assembly/system_settings.h"
#include "measure/histogram.h"
#include "measure/witness.h"
#include "runtime/runtime.h"
#include "wire/disturbance.h"
#include "wire/wired_store.h"

namespace stalemark {

class System {
public:
    // `far_store`: at the far end of the store's wire. The judges are told what it has taken.
    System(const SystemSettings& settings, Runtime& runtime, Store& far_store, Judges& judges);

    Fleet& fleet() { return fleet_; }

    // The store as the strategies see it.
    WiredStore& store() { return store_; }

    // Faults count their time from now on.
    void start_faults();
    // Calls that each fault has hit so far.
    std::vector<std::uint64_t> calls_hit() const;

    // How long calls have waited for a server of the store so far.
    Histogram queue();

private:
    void note_stored(const Stored& stored);
    void note_queue(Duration waited);

    Runtime& runtime_;
    Judges& judges_;
    std::mutex guard_;  // Of the histogram.
    Histogram queue_;
    Disturbance cache_faults_;
    Disturbance store_faults_;
    Wire store_wire_;
    WiredStore store_;
    Fleet fleet_;
};

}  // namespace stalemark
