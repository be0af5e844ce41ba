// SPDX-License-Identifier: Apache-2.0
#include "guards/catalog.h"

#include <concepts>

#include "core/catalog.h"
#include "guards/newer.h"
#include "guards/none.h"

namespace stalemark {
namespace {

template <std::derived_from<Guard> G>
std::unique_ptr<Guard> make(const Runtime& runtime) {
    return std::make_unique<G>(runtime);
}

// One row adds a guard: name, caption, maker.
constexpr GuardEntry guards[] = {
    {"none", "every fill is made", make<NoGuard>},
    {"newer", "nothing replaces what is known to be newer", make<Newer>},
};

}  // namespace

std::span<const GuardEntry> all_guards() { return guards; }

const GuardEntry& no_guard() { return guards[0]; }

const GuardEntry& find_guard(std::string_view name) {
    return find_row("guard", name, all_guards());
}

}  // namespace stalemark
