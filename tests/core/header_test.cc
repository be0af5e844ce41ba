// SPDX-License-Identifier: Apache-2.0
#include "core/header.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace stalemark {
namespace {

constexpr Key key{42};
constexpr Header header{.session = 3, .sequence = 70'000, .invocation = 9};

std::string sealed(std::size_t payload_bytes = 25) {
    std::string value(Header::size_bytes, '\0');
    for (std::size_t i = 0; i < payload_bytes; ++i) value += static_cast<char>('a' + i % 26);
    seal(key, header, value);
    return value;
}

TEST(Header, ASealedValueGivesItBack) {
    EXPECT_EQ(unseal(key, sealed()), header);
    EXPECT_EQ(peek_header(sealed()), header);
}

TEST(Header, TheLargestNumbersFit) {
    constexpr auto largest = std::numeric_limits<std::uint32_t>::max();
    const Header full{.session = Header::preloaded, .sequence = largest, .invocation = largest};
    std::string value(Header::size_bytes, '\0');
    seal(key, full, value);
    EXPECT_EQ(unseal(key, value), full);
}

TEST(Header, SealingLeavesThePayloadAlone) {
    EXPECT_EQ(sealed().substr(Header::size_bytes), "abcdefghijklmnopqrstuvwxy");
}

TEST(Header, AValueMayBeNothingButItsHeader) { EXPECT_EQ(unseal(key, sealed(0)), header); }

TEST(Header, EveryFlippedBitIsNoticed) {
    const std::string whole = sealed();
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        std::string flipped = whole;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(unseal(key, flipped)) << "bit " << bit;
    }
}

TEST(Header, AValueOfAnotherKeyIsNoticed) {
    for (std::uint64_t other = 0; other < 1'000; ++other) {
        if (Key{other} != key) {
            EXPECT_FALSE(unseal(Key{other}, sealed())) << other;
        }
    }
}

TEST(Header, ATruncatedOrExtendedValueIsNoticed) {
    const std::string whole = sealed();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(unseal(key, std::string_view(whole).substr(0, size))) << size;
    }
    EXPECT_FALSE(unseal(key, whole + "z"));
}

TEST(Header, ZerosAreNoSealedValue) {
    EXPECT_FALSE(unseal(Key{0}, std::string(Header::size_bytes, '\0')));
    EXPECT_FALSE(unseal(Key{0}, std::string(100, '\0')));
}

// Or a data folder that another build made could not be read.
TEST(Header, ItsBytesAreTheSameInEveryBuild) {
    const std::string value = sealed(3);
    std::string hex;
    for (const char c : value.substr(0, Header::size_bytes)) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte / 16];
        hex += digits[byte % 16];
    }
    EXPECT_EQ(hex,
              "03000000"
              "70110100"
              "09000000"
              "a4b4a6f5");
}

}  // namespace
}  // namespace stalemark
