// SPDX-License-Identifier: Apache-2.0
#include "core/header.h"

#include <array>
#include <cassert>
#include <cstring>

#include "core/random.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace stalemark {
namespace {

using Words = std::array<std::uint32_t, 4>;  // Session, sequence, invocation, checksum.
static_assert(sizeof(Words) == Header::size_bytes);
// peek_header() copies them at once.
static_assert(sizeof(Header) == 3 * sizeof(std::uint32_t));

std::uint32_t checksum(Key key, const Words& words, std::string_view payload) {
    // Key and words go into the seed, so that the payload is hashed where it lies.
    const std::uint64_t front = words[0] | (std::uint64_t{words[1]} << 32);
    const std::uint64_t seed = mix(front ^ mix(words[2] ^ mix(index_of(key) + 1)));
    return static_cast<std::uint32_t>(
        XXH3_64bits_withSeed(payload.data(), payload.size(), seed));
}

Words words_of(std::string_view value) {
    assert(value.size() >= Header::size_bytes);
    Words words;
    std::memcpy(words.data(), value.data(), sizeof words);
    return words;
}

}  // namespace

void seal(Key key, const Header& header, std::span<char> value) {
    assert(value.size() >= Header::size_bytes);
    Words words = {header.session, header.sequence, header.invocation, 0};
    words[3] = checksum(key, words, {value.data() + sizeof words, value.size() - sizeof words});
    std::memcpy(value.data(), words.data(), sizeof words);
}

std::optional<Header> unseal(Key key, std::string_view value) {
    if (value.size() < Header::size_bytes) return std::nullopt;
    const Words words = words_of(value);
    if (checksum(key, words, value.substr(sizeof words)) != words[3]) return std::nullopt;
    return Header{.session = words[0], .sequence = words[1], .invocation = words[2]};
}

}  // namespace stalemark
