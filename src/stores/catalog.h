// The menu of stores.

#pragma once

#include <span>
#include <string_view>

namespace stalemark {

// How a store is made differs from one to the next - RocksDB needs a folder - so the rows only name
// them.
struct StoreEntry {
    std::string_view name;
    std::string_view caption;
};

std::span<const StoreEntry> all_stores();

// Throws InputError with the nearest right name if there is no such store.
const StoreEntry& find_store(std::string_view name);

}  // namespace stalemark
