// SPDX-License-Identifier: Apache-2.0
// A result for people.

#pragma once

#include <cstdint>
#include <string>

#include "report/sections.h"

namespace stalemark {

// Some ten lines, and in full a drawing of the latencies. What the result does not hold is left
// out. Throws InputError if it is no result.
enum class Detail : std::uint8_t { brief, full };
std::string summary(const Json& result, Detail detail = Detail::brief);

// How fast the measured part was simulated. It is no part of the result, which is the same on
// every machine.
std::string simulation_speed(const Json& result, Duration processor_time);

}  // namespace stalemark
