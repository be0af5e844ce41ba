// SPDX-License-Identifier: Apache-2.0
// The menu of shields: what each is called and which knobs it reads.

#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "shields/shield.h"

namespace stalemark {

// What others must know of a shield.
struct ShieldTraits {
    bool needs_expiry = false;   // Without a TTL it has nothing to do.
    bool reloads_early = false;  // It reloads what is near its expiry.
    bool serves_stale = false;   // It hands out entries within their grace.
    bool has_leases = false;  // Beside a shared cache it keeps other nodes from loading, too.
};

struct ShieldEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<Shield> (*make)(const ShieldParts&);
    std::string_view knobs;  // Options it reads, in words.
    ShieldTraits traits = {};
};

std::span<const ShieldEntry> all_shields();

// The shield that is none.
const ShieldEntry& no_shield();

// Throws InputError with the nearest right name if there is no such shield.
const ShieldEntry& find_shield(std::string_view name);

}  // namespace stalemark
