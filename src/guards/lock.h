// SPDX-License-Identifier: Apache-2.0
// lock: a change holds a lock of its key from its first step to its last, and a reader that
// misses holds it from before its load until its fill. Hits take no lock.
//
// Strength: no fill and no change of a key comes between the steps of another, so that neither
// slow fills nor two writers leave an old value.
// Hazard: readers that miss a key wait for each other and for its writers. A lock that expires
// while its holder pauses protects nothing any more (fencing refuses what such a holder does
// then). A reader that cannot reach the locks caches nothing, and a writer goes on without one.

#pragma once

#include "guards/lock_writers.h"

namespace stalemark {

class LockedMisses final : public LockedWrites {
public:
    using LockedWrites::LockedWrites;

    Held before_load(Key key) override { return lock(key); }
};

}  // namespace stalemark
