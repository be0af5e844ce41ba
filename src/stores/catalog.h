// The menu of stores.

#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "stores/memory_store.h"
#include "stores/rocks_store.h"
#include "stores/store.h"

namespace stalemark {

struct StoreSettings {
    std::filesystem::path folder;  // Where a durable store has its files.
    RocksOptions rocks;
    MemoryOptions memory;
};

struct StoreEntry {
    std::string_view name;
    std::string_view caption;
    bool durable;            // Survives the process: it needs a folder (stores/data_folder.h).
    std::string_view knobs;  // Options it reads, in words.
    std::unique_ptr<Store> (*open)(const StoreSettings&);
};

std::span<const StoreEntry> all_stores();

// Throws InputError with the nearest right name if there is no such store.
const StoreEntry& find_store(std::string_view name);

}  // namespace stalemark
