// SPDX-License-Identifier: Apache-2.0
// The menu of stores.

#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "stores/settings.h"
#include "stores/store.h"

namespace stalemark {

struct StoreTraits {
    // Survives the process, and needs a folder for that (stores/data_folder.h).
    bool durable = false;

    // Of the names of files that it never writes again once it is settled, so that copies of
    // its folder can share them. Empty: there are none.
    std::string_view settled_suffix;

    bool has_log = false;  // If it is to keep one.
};

struct StoreEntry {
    std::string_view name;
    std::string_view caption;
    std::unique_ptr<Store> (*open)(const StoreSettings&);
    std::string_view knobs;  // Options it reads, in words.
    StoreTraits traits = {};
};

std::span<const StoreEntry> all_stores();

// Throws InputError with the nearest right name if there is no such store.
const StoreEntry& find_store(std::string_view name);

}  // namespace stalemark
