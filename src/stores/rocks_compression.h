// SPDX-License-Identifier: Apache-2.0
// Compression in RocksDB's words.

#pragma once

#include <rocksdb/compression_type.h>

#include "stores/compression.h"

namespace stalemark {

rocksdb::CompressionType rocks_type_of(Compression compression);

}  // namespace stalemark
