// SPDX-License-Identifier: Apache-2.0
// What a call can come back with when its tier is in trouble.
//
// Absence is a value (std::optional), trouble is a value (Result), a bug is an assertion.

#pragma once

#include <cstdint>
#include <expected>
#include <optional>

namespace stalemark {

enum class Trouble : std::uint8_t {
    failed,   // It is known not to have happened.
    unknown,  // It may or may not have happened: no answer in time, or an error after sending.
};

template <typename T>
using Result = std::expected<T, Trouble>;

}  // namespace stalemark
