// SPDX-License-Identifier: Apache-2.0
// tombstone: as newer, and an erase leaves its version behind, so that a fill of an older row
// is refused after it.
//
// Strength: a slow fill hides no change, whether the writer sets or erases, and nobody waits
// for anybody.
// Hazard: a tombstone takes the room of an entry and may be evicted like one; and it ends after
// its time. After either a slow fill brings the old row back.

#pragma once

#include "guards/newer.h"

namespace stalemark {

class Tombstone final : public SetIfNewer {
public:
    explicit Tombstone(const GuardParts& parts)
        : SetIfNewer(parts), ttl_(parts.settings.tombstone_ttl) {}

    Erasure of_erase(Version version) const override {
        return {.condition = erases_older(version),
                .remains = {.version = version, .ttl = ttl_}};
    }

private:
    const Duration ttl_;
};

}  // namespace stalemark
