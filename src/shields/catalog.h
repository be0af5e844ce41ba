// The menu of shields: what each is called and which knobs it reads.

#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "shields/shield.h"

namespace stalemark {

struct ShieldEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<Shield> (*make)(const ShieldParts&);
    std::string_view knobs;  // Options it reads, in words.
};

std::span<const ShieldEntry> all_shields();

// The shield that is none.
const ShieldEntry& no_shield();

// Throws InputError with the nearest right name if there is no such shield.
const ShieldEntry& find_shield(std::string_view name);

}  // namespace stalemark
