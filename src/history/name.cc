// SPDX-License-Identifier: Apache-2.0
#include "history/name.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace stalemark {
namespace {

constexpr std::size_t kept_bytes = 14;

// The number that is written exactly so: without a plus, a leading zero or a minus before 0.
template <typename Integer>
std::optional<Integer> canonical(std::string_view text) {
    const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.starts_with('0') && text != "0") return std::nullopt;
    Integer value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Name Name::of_text(std::string_view text) {
    if (const auto value = canonical<std::int64_t>(text)) return of_integer(*value);
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        const auto first = canonical<std::uint32_t>(text.substr(0, colon));
        const auto second = canonical<std::uint32_t>(text.substr(colon + 1));
        if (first && second) return of_pair(*first, *second);
    }
    Name name;
    if (text.size() > kept_bytes) {
        const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
        name.low_ = hash.low64;
        name.high_ = (hash.high64 << 8) | static_cast<std::uint64_t>(Kind::hashed);
        return name;
    }
    char bytes[16] = {};
    std::memcpy(bytes, text.data(), text.size());
    std::memcpy(&name.low_, bytes, 8);
    std::memcpy(&name.high_, bytes + 8, 8);
    name.high_ = (name.high_ << 8) | (static_cast<std::uint64_t>(Kind::text) + text.size());
    return name;
}

std::string Name::text() const {
    switch (kind()) {
        case Kind::absent:
            return "absent";
        case Kind::integer:
            return fmt::format("{}", static_cast<std::int64_t>(low_));
        case Kind::pair:
            return fmt::format("{}:{}", low_ >> 32, low_ & 0xffffffff);
        case Kind::hashed:
            return fmt::format("#{:014x}{:016x}", high_ >> 8, low_);
        case Kind::text:
            break;
    }
    const std::size_t size =
        static_cast<std::uint8_t>(high_) - static_cast<std::size_t>(Kind::text);
    char bytes[16] = {};
    const std::uint64_t rest = high_ >> 8;
    std::memcpy(bytes, &low_, 8);
    std::memcpy(bytes + 8, &rest, 8);
    return std::string(bytes, size);
}

std::string printable(std::string text) {
    std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return text;
}

}  // namespace stalemark
