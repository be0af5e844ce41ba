// SPDX-License-Identifier: Apache-2.0
#include "guards/catalog.h"

#include <concepts>

#include "core/catalog.h"
#include "guards/add.h"
#include "guards/newer.h"
#include "guards/none.h"
#include "guards/tombstone.h"

namespace stalemark {
namespace {

template <std::derived_from<Guard> G>
std::unique_ptr<Guard> make(const GuardParts& parts) {
    return std::make_unique<G>(parts);
}

// One row adds a guard: name, caption, maker, knobs, promise, and its traits.
constexpr GuardEntry guards[] = {
    {"none", "every fill is made", make<NoGuard>, ""},
    {"add",
     "a fill is made only where there is no entry",
     make<AddIfAbsent>,
     "",
     {.fill_over_set = "none expiry"}},
    {"newer",
     "nothing replaces a newer version",
     make<SetIfNewer>,
     "",
     {.fill_over_set = "none expiry", .set_over_set = "none expiry"},
     {.compares_versions = true}},
    {"tombstone",
     "as newer, and an erase leaves its version",
     make<Tombstone>,
     "tombstone-ttl",
     {.fill_over_erase = "none expiry",
      .fill_over_set = "none expiry",
      .set_over_set = "none expiry"},
     {.compares_versions = true}},
};

}  // namespace

std::span<const GuardEntry> all_guards() { return guards; }

const GuardEntry& no_guard() { return guards[0]; }

const GuardEntry& find_guard(std::string_view name) {
    return find_row("guard", name, all_guards());
}

}  // namespace stalemark
