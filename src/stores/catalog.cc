#include "stores/catalog.h"

#include "core/catalog.h"

namespace stalemark {
namespace {

std::unique_ptr<Store> open_rocksdb(const StoreSettings& settings) {
    return RocksStore::open(settings.folder, settings.rocks);
}

std::unique_ptr<Store> make_memory(const StoreSettings& settings) {
    return make_memory_store(settings.memory);
}

// One row adds a store: name, caption, whether it is durable, knobs, maker.
constexpr StoreEntry stores[] = {
    {"rocksdb", "RocksDB in a folder of its own", true, "db sync block-cache compression",
     open_rocksdb},
    {"memory", "hash maps in this process, for tests and simulated runs", false, "",
     make_memory},
};

}  // namespace

std::span<const StoreEntry> all_stores() { return stores; }

const StoreEntry& find_store(std::string_view name) {
    return find_row("store", name, all_stores());
}

}  // namespace stalemark
