// SPDX-License-Identifier: Apache-2.0
// What a reader of a result must know before believing its figures.

#pragma once

#include <string>

#include "report/sections.h"

namespace stalemark {

// A line each: that the cache was not warm when the measured part began, and that the clients
// could not keep up with an open loop. Empty where nothing is to be said.
std::string caveats(const Json& result);

}  // namespace stalemark
