// SPDX-License-Identifier: Apache-2.0
// newer_remembered: as newer, and the cache remembers the versions of entries that were erased
// or evicted or have expired, for a bounded time and of a bounded number of keys.
//
// Strength: no slow fill and no slow writer brings back what was replaced, whether the entry is
// still there or not, and nobody waits for anybody.
// Hazard: at either bound the version that was noted first is forgotten, and whatever is slower
// than that brings its old row back. What is remembered takes memory beside the cache's own.

#pragma once

#include "guards/newer.h"

namespace stalemark {

class RememberedNewer final : public SetIfNewer {
public:
    using SetIfNewer::SetIfNewer;

    Erasure of_erase(Version version) const override {
        return {.condition = erases_older(version), .remains = {.version = version}};
    }
};

}  // namespace stalemark
