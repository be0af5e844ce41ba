// SPDX-License-Identifier: Apache-2.0
// The menu of guards.

#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "guards/guard.h"
#include "runtime/runtime.h"

namespace stalemark {

struct GuardEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<Guard> (*make)(const Runtime&);
};

std::span<const GuardEntry> all_guards();

// The guard that is none.
const GuardEntry& no_guard();

// Throws InputError with the nearest right name if there is no such guard.
const GuardEntry& find_guard(std::string_view name);

}  // namespace stalemark
