// SPDX-License-Identifier: Apache-2.0
#include "workload/payload.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <string>
#include <vector>

namespace stalemark {
namespace {

std::string filled(const Payload& payload, std::size_t bytes, std::uint64_t nonce) {
    std::string value(bytes, '#');
    payload.fill(value, nonce);
    return value;
}

// The share of the bytes that zlib removes from blocks of values.
double removed_share(double compressibility, std::size_t value_bytes) {
    const Payload payload(compressibility, 1);
    std::uint64_t nonce = 0;
    double bytes = 0;
    double bytes_left = 0;
    for (int i = 0; i < 20; ++i) {
        std::string block;
        while (block.size() < 32'768) block += filled(payload, value_bytes, nonce++);
        uLongf packed_bytes = compressBound(block.size());
        std::vector<Bytef> packed(packed_bytes);
        compress(packed.data(), &packed_bytes, reinterpret_cast<const Bytef*>(block.data()),
                 block.size());
        bytes += static_cast<double>(block.size());
        bytes_left += static_cast<double>(packed_bytes);
    }
    return 1 - bytes_left / bytes;
}

TEST(Payload, CompressesAsWellAsAsked) {
    for (const double asked : {0.0, 0.25, 0.5, 0.75, 1.0}) {
        for (const std::size_t value_bytes : {100U, 1'000U, 10'000U}) {
            EXPECT_NEAR(removed_share(asked, value_bytes), asked, 0.08) << value_bytes;
        }
    }
}

TEST(Payload, IsAFunctionOfSeedAndNonce) {
    const Payload payload(0.5, 1);
    const Payload other(0.5, 2);
    EXPECT_EQ(filled(payload, 500, 9), filled(Payload(0.5, 1), 500, 9));
    EXPECT_NE(filled(payload, 500, 9), filled(payload, 500, 10));
    EXPECT_NE(filled(payload, 500, 9), filled(other, 500, 9));
}

TEST(Payload, FillsValuesOfAnySize) {
    const Payload payload(0, 1);
    EXPECT_EQ(filled(payload, 0, 1), "");
    EXPECT_EQ(filled(payload, 1, 1).size(), 1U);
    constexpr std::size_t huge = (std::size_t{5} << 20) + 3;
    const std::string value = filled(payload, huge, 77);
    EXPECT_EQ(value.find(std::string(64, '#')), std::string::npos) << "all is filled";
}

}  // namespace
}  // namespace stalemark
