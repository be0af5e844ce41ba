// SPDX-License-Identifier: Apache-2.0
// What a store is opened with. Each reads what concerns it.

#pragma once

#include <cstdint>
#include <filesystem>

#include "stores/compression.h"

namespace stalemark {

struct StoreSettings {
    std::filesystem::path folder;  // In which a store that is durable has its files.

    bool sync = false;  // A write returns once it is on the disk, and not before.

    // For data blocks; the operating system caches the tables besides.
    std::uint64_t block_cache_bytes = 8 << 20;

    // Of the blocks of tables that are written from now on.
    Compression compression = Compression::none;

    // For filling an empty store fast: nothing is sure to survive before settle().
    bool loading = false;

    // Keeps its changes, so that log() can read them. Not while loading.
    bool keeps_log = false;
};

}  // namespace stalemark
