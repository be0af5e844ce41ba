// SPDX-License-Identifier: Apache-2.0
#include "stores/catalog.h"

#include "core/catalog.h"
#include "stores/memory_store.h"
#include "stores/rocks_store.h"

namespace stalemark {
namespace {

std::unique_ptr<Store> open_rocksdb(const StoreSettings& settings) {
    return RocksStore::open(settings);
}

// One row adds a store: name, caption, maker, knobs, traits.
constexpr StoreEntry stores[] = {
    {"rocksdb",
     "RocksDB in a folder of its own",
     open_rocksdb,
     "db sync block-cache compression",
     {.durable = true, .settled_suffix = ".sst", .has_log = true}},
    {"memory",
     "hash maps in this process, for tests and simulated runs",
     make_memory_store,
     "",
     {.has_log = true}},
};

}  // namespace

std::span<const StoreEntry> all_stores() { return stores; }

const StoreEntry& find_store(std::string_view name) {
    return find_row("store", name, all_stores());
}

}  // namespace stalemark
