// SPDX-License-Identifier: Apache-2.0
// The menu of checks of events.

#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "guards/event_check.h"
#include "runtime/runtime.h"

namespace stalemark {

struct EventCheckEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<EventCheck> (*make)(const Runtime&);
};

std::span<const EventCheckEntry> all_event_checks();

// The check that is none.
const EventCheckEntry& no_event_check();

// Throws InputError with the nearest right name if there is no such check.
const EventCheckEntry& find_event_check(std::string_view name);

}  // namespace stalemark
