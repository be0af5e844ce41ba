// SPDX-License-Identifier: Apache-2.0
// The 16 bytes at the front of every stored value, by which a read shows which write it saw.
//
// The header is always there, judged or not, so that the payload is the same in every mode.

#pragma once

#include <cassert>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "core/types.h"

namespace stalemark {

struct Header {
    static constexpr std::size_t size_bytes = 16;
    static constexpr std::uint32_t sessions_max = 1U << 24;
    static constexpr std::uint32_t preloaded = sessions_max - 1;  // Session of the loaded data.

    std::uint32_t session = preloaded;  // Who wrote.
    std::uint32_t sequence = 0;         // The how-manieth write of that session.
    std::uint32_t invocation = 0;       // The oracle's stamp of the key when the write began.

    bool operator==(const Header&) const = default;
};

// Writes the header into the first 16 bytes of `value`, whose other bytes are the payload and
// must be in place: the checksum (XXH3, lower 32 bits) covers key, header and payload.
// Requires: value.size() >= Header::size_bytes.
void seal(Key key, const Header& header, std::span<char> value);

// The header of a sealed value; nothing if the bytes are not what seal() made for this key.
std::optional<Header> unseal(Key key, std::string_view value);

// The header alone, unverified. Requires: value.size() >= Header::size_bytes.
// (Here, to be inlined: it is called while the time of a write is taken.)
inline Header peek_header(std::string_view value) {
    assert(value.size() >= Header::size_bytes);
    Header header;
    std::memcpy(&header, value.data(), sizeof header);  // The checksum comes after them.
    return header;
}

}  // namespace stalemark
