// SPDX-License-Identifier: Apache-2.0
// lock_all: as lock, and every read holds the lock from before it asks the cache, hits as well.
//
// Strength: a read sees either nothing or all of a change.
// Hazard: the readers of a popular key queue up, and each read makes two more calls. Its locks
// expire like those of lock.

#pragma once

#include "guards/lock_writers.h"

namespace stalemark {

class LockedReads final : public LockedWrites {
public:
    using LockedWrites::LockedWrites;

    Held before_read(Key key) override { return lock(key); }
    Held before_load(Key key) override { return lock(key); }  // Of a reload.
};

}  // namespace stalemark
