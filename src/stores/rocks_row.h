// SPDX-License-Identifier: Apache-2.0
// How a row lies in RocksDB: the key, 8 bytes big-endian, and the version, 8 bytes, before the
// value's bytes. A row that was deleted stays as its version alone, with the highest bit set.

#pragma once

#include <rocksdb/slice.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/types.h"

namespace stalemark {

using Word = std::array<char, 8>;

// Big-endian, so that the order of the keys is the order of the rows.
inline std::uint64_t swapped(std::uint64_t number) {
    return std::endian::native == std::endian::little ? std::byteswap(number) : number;
}

inline Word name_of(Key key) { return std::bit_cast<Word>(swapped(index_of(key))); }

inline rocksdb::Slice slice_of(const Word& word) { return {word.data(), word.size()}; }
inline rocksdb::Slice slice_of(std::string_view text) { return {text.data(), text.size()}; }

// The number in the first 8 bytes. Requires: there are as many.
inline std::uint64_t number_in(const rocksdb::Slice& bytes) {
    std::uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

struct RowHead {
    Version version = 0;
    bool is_deleted = false;
};

constexpr Version deleted_bit = Version{1} << 63;

inline Word word_of(const RowHead& head) {
    return std::bit_cast<Word>(head.version | (head.is_deleted ? deleted_bit : 0));
}

// Of a row. Requires: it has 8 bytes.
inline RowHead head_in(const rocksdb::Slice& row) {
    const std::uint64_t number = number_in(row);
    return {.version = number & ~deleted_bit, .is_deleted = (number & deleted_bit) != 0};
}

inline Key key_in(const rocksdb::Slice& name) { return Key{swapped(number_in(name))}; }

}  // namespace stalemark
