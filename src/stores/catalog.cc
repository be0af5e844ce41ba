#include "stores/catalog.h"

#include <vector>

#include "core/errors.h"
#include "core/words.h"

namespace stalemark {
namespace {

constexpr StoreEntry stores[] = {
    {"rocksdb", "RocksDB on this machine's disk"},
    {"memory", "a hash map in this process: no disk, nothing survives"},
};

}  // namespace

std::span<const StoreEntry> all_stores() { return stores; }

const StoreEntry& find_store(std::string_view name) {
    std::vector<std::string_view> known;
    for (const StoreEntry& entry : stores) {
        if (entry.name == name) return entry;
        known.push_back(entry.name);
    }
    throw InputError(unknown_word("store", name, known));
}

}  // namespace stalemark
