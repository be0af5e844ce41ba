// SPDX-License-Identifier: Apache-2.0
// Every knob that a guard may read, with its default.

#pragma once

#include <cstdint>

#include "core/types.h"

namespace stalemark {

struct GuardSettings {
    // tombstone, and the locks with fencing: how long an erase leaves its version behind. It
    // must be longer than any load takes.
    Duration tombstone_ttl = std::chrono::seconds(60);
};

}  // namespace stalemark
