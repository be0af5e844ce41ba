// SPDX-License-Identifier: Apache-2.0
// What the guard of a protocol makes of a race that is known of its strategy.

#pragma once

#include <string_view>

#include "strategies/known_race.h"

namespace stalemark {

// Appends the race, unless the guard prevents it without faults. `prevented`: the faults under
// which it does so (GuardPromise). Where it does not do so if the entry is evicted meanwhile,
// or if a holder pauses for longer than its lock lasts, that is a race of another name.
void add_guarded(const KnownRace& race, std::string_view prevented, KnownRaces& races);

}  // namespace stalemark
