// SPDX-License-Identifier: Apache-2.0
// Durations, sizes and numbers as people write them. Each parser takes the whole text or throws
// InputError with one line that says what was expected; each writer gives text that parses back
// to the same value.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/types.h"

namespace stalemark {

// "250us", "5s", "2m", "1.5h", "0"; units ns us ms s m h; "none" is Duration::max().
Duration parse_duration(std::string_view text);
std::string format_duration(Duration duration);

// "100", "64KiB", "2MB", "1GiB": whole bytes below 2^63.
std::uint64_t parse_bytes(std::string_view text);
std::string format_bytes(std::uint64_t bytes);

// A whole number, "1000000" or "1e6" or "1_000_000"; from least to most.
std::uint64_t parse_count(std::string_view text, std::uint64_t least, std::uint64_t most);

// A finite number from least to most.
double parse_real(std::string_view text, double least, double most);

}  // namespace stalemark
