// SPDX-License-Identifier: Apache-2.0
// Figures of a result for people.

#pragma once

#include <cstdint>
#include <string>

#include "report/sections.h"

namespace stalemark {

// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);

// Nanoseconds with the unit that leaves one to three digits before the point.
std::string time_text(double ns);

// Of one of the quantiles; "-" where it is not known, as of some merged results.
std::string time_at(const Json& quantiles, const char* name);

// "p50 1.0 us  p90 ...", columns of one width.
std::string quantile_line(const Json& quantiles);

// "3 of 1,000 (0.3%)"; with nothing found, what that many independent trials can exclude: p
// with (1 - p)^all = 5%, about 3 / all.
std::string found_of(std::uint64_t found, std::uint64_t all);

}  // namespace stalemark
