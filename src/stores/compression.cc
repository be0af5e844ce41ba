// SPDX-License-Identifier: Apache-2.0
#include "stores/compression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rocksdb/convenience.h>

#include <algorithm>
#include <vector>

#include "core/errors.h"
#include "core/words.h"
#include "stores/rocks_compression.h"

namespace stalemark {

rocksdb::CompressionType rocks_type_of(Compression compression) {
    switch (compression) {
        case Compression::snappy:
            return rocksdb::kSnappyCompression;
        case Compression::lz4:
            return rocksdb::kLZ4Compression;
        case Compression::zstd:
            return rocksdb::kZSTD;
        case Compression::none:
            break;
    }
    return rocksdb::kNoCompression;
}

Compression find_compression(std::string_view name) {
    const auto found = std::ranges::find(compression_names, name);
    if (found == compression_names.end()) {
        throw InputError(unknown_word("compression", name, compression_names));
    }
    const auto compression = static_cast<Compression>(found - compression_names.begin());
    const auto supported = rocksdb::GetSupportedCompressions();
    const auto is_supported = [&](Compression one) {
        return one == Compression::none ||
               std::ranges::count(supported, rocks_type_of(one)) > 0;
    };
    if (is_supported(compression)) return compression;
    std::vector<std::string_view> others;
    for (std::size_t i = 0; i < compression_names.size(); ++i) {
        if (is_supported(static_cast<Compression>(i))) others.push_back(compression_names[i]);
    }
    throw InputError(fmt::format("this RocksDB library was built without {}; it has {}", name,
                                 fmt::join(others, " ")));
}

}  // namespace stalemark
