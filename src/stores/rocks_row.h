// How a row lies in RocksDB: the key, 8 bytes big-endian, and the version, 8 bytes, before the
// value's bytes.

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

inline Key key_in(const rocksdb::Slice& name) { return Key{swapped(number_in(name))}; }

}  // namespace stalemark
