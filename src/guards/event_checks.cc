// SPDX-License-Identifier: Apache-2.0
#include "guards/event_checks.h"

#include <concepts>

#include "core/catalog.h"
#include "guards/heard_versions.h"
#include "guards/no_event_check.h"

namespace stalemark {
namespace {

template <std::derived_from<EventCheck> G>
std::unique_ptr<EventCheck> make(const Runtime& runtime) {
    return std::make_unique<G>(runtime);
}

// One row adds a check: name, caption, maker.
constexpr EventCheckEntry checks[] = {
    {"none", "every fill is made", make<NoEventCheck>},
    {"version", "nothing replaces what is known to be newer", make<HeardVersions>},
};

}  // namespace

std::span<const EventCheckEntry> all_event_checks() { return checks; }

const EventCheckEntry& no_event_check() { return checks[0]; }

const EventCheckEntry& find_event_check(std::string_view name) {
    return find_row("event check", name, all_event_checks());
}

}  // namespace stalemark
