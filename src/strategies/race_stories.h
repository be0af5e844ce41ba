// SPDX-License-Identifier: Apache-2.0
// The races that several strategies have in common. `write_steps`: calls of a write, as far as
// the race needs them.

#pragma once

#include "strategies/known_race.h"

namespace stalemark {

// A read that finds nothing asks the cache and the store and fills the cache.
constexpr std::uint32_t miss_steps = 3;

KnownRace overtaken_fill(std::uint32_t write_steps);
KnownRace negative_entry_hides_insert(std::uint32_t write_steps);
// `copy_steps`: for a copy to be there.
KnownRace inverted_writers(std::uint32_t copy_steps);
KnownRace unseen_write();
KnownRace unseen_write_of_a_node(std::uint32_t write_steps);
KnownRace late_event(std::uint32_t write_steps, bool is_of_a_node);
// The hit, the reload's two calls and the read that finds what it has put.
KnownRace overtaken_reload(std::uint32_t write_steps);
// With the cached copy treated before the store.
KnownRace early_fill(std::uint32_t write_steps);
KnownRace inverted_stores();
// With one other row that is changed, if one is enough.
KnownRace fill_after_forgetting(std::uint32_t write_steps);
KnownRace late_delete(std::uint32_t write_steps);

}  // namespace stalemark
