// SPDX-License-Identifier: Apache-2.0
// How RocksDB compresses the blocks of its tables.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stalemark {

enum class Compression : std::uint8_t { none, snappy, lz4, zstd };
constexpr std::array<std::string_view, 4> compression_names = {"none", "snappy", "lz4", "zstd"};

// Throws InputError if there is no such compression, or if the RocksDB library at hand was
// built without it.
Compression find_compression(std::string_view name);

}  // namespace stalemark
