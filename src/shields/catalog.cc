// SPDX-License-Identifier: Apache-2.0
#include "shields/catalog.h"

#include <concepts>

#include "core/catalog.h"
#include "shields/early.h"
#include "shields/lock.h"
#include "shields/none.h"
#include "shields/stale.h"

namespace stalemark {
namespace {

template <std::derived_from<Shield> S>
std::unique_ptr<Shield> make(const ShieldParts& parts) {
    return std::make_unique<S>(parts);
}

// One row adds a shield: name, caption, maker, knobs, and its traits.
constexpr ShieldEntry shields[] = {
    {"none", "every read that misses loads", make<NoShield>, ""},
    {"lock",
     "one reader loads, the others wait for it",
     make<Lock>,
     "lock-timeout flights",
     {.has_leases = true}},
    {"early",
     "a reader reloads before expiry, by chance",
     make<Early>,
     "beta",
     {.needs_expiry = true, .reloads_early = true}},
    {"stale",
     "an expired entry answers while it is reloaded",
     make<Stale>,
     "grace stale-if-error error-throttle reloads",
     {.needs_expiry = true, .serves_stale = true}},
};

}  // namespace

std::span<const ShieldEntry> all_shields() { return shields; }

const ShieldEntry& no_shield() { return shields[0]; }

const ShieldEntry& find_shield(std::string_view name) {
    return find_row("shield", name, all_shields());
}

}  // namespace stalemark
