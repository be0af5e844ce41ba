// SPDX-License-Identifier: Apache-2.0
// What a history calls a key or a version, in 16 bytes: an integer, a text, or the absence of a
// value.
//
// Texts of up to 14 bytes are kept as they are, so that equality is exact. Of longer ones the
// first 120 bits of their XXH3 hash stand for them: two of a billion versions are then taken
// for one with a probability below 1e-18.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/random.h"

namespace stalemark {

class Name {
public:
    // The absence of a value.
    constexpr Name() = default;

    static constexpr Name of_integer(std::int64_t value) {
        return {static_cast<std::uint64_t>(value), Kind::integer};
    }

    // "3:812", the 812th write of client 3.
    static constexpr Name of_pair(std::uint32_t first, std::uint32_t second) {
        return {(std::uint64_t{first} << 32) | second, Kind::pair};
    }

    // A text that is written like an integer, or like a pair, is that integer or pair.
    static Name of_text(std::string_view text);

    bool is_absent() const { return *this == Name(); }

    // If it is an integer from 0 to 2^20 - 1.
    std::optional<std::uint32_t> small_integer() const {
        if (kind() != Kind::integer || low_ >> 20 != 0) return std::nullopt;
        return static_cast<std::uint32_t>(low_);
    }

    // As it was given; of a long text its hash: "#" and 30 hexadecimal digits.
    std::string text() const;

    // Whether text() is what was given.
    bool is_exact() const { return kind() != Kind::hashed; }

    constexpr bool operator==(const Name&) const = default;

    std::uint64_t hash() const { return mix(low_ ^ mix(high_)); }

private:
    // In the lowest byte of high_; from `text` on: a text of so many bytes.
    enum class Kind : std::uint8_t { absent, integer, pair, hashed, text };

    constexpr Name(std::uint64_t low, Kind kind)
        : low_(low), high_(static_cast<std::uint64_t>(kind)) {}

    Kind kind() const {
        const auto byte = static_cast<std::uint8_t>(high_);
        return byte >= static_cast<std::uint8_t>(Kind::text) ? Kind::text : Kind{byte};
    }

    std::uint64_t low_ = 0;
    std::uint64_t high_ = 0;
};

// A name as it may be shown: with "?" for each control character.
std::string printable(std::string text);

}  // namespace stalemark
