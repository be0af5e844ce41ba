// SPDX-License-Identifier: Apache-2.0
// What a result says of that which went on between strategy, caches and store.

#pragma once

#include "experiment/observations.h"
#include "report/sections.h"

namespace stalemark {

// What the store says of itself: counters as their growth in the measured part, levels (names
// that end in _now) as they are at its end.
Json store_facts(const Observations& seen);

// Of the measured part: waits for a place at the store.
Histogram store_queue(const Observations& seen);

// Adds `cache`, `shared_cache`, `store`, `shield` and `events`, those that there are. `facts`:
// those of the store, empty if they are left out.
void add_tiers(const Experiment& experiment, const Observations& seen, const Json& facts,
               Json& result);

}  // namespace stalemark
