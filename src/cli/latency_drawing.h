// SPDX-License-Identifier: Apache-2.0
// The latencies of a result as bars, for a terminal.

#pragma once

#include <string>

#include "report/sections.h"

namespace stalemark {

// A row for each stretch of a logarithmic axis, a column for each kind of operation: the share
// of its latencies that lie in it, up to its bound and above that of the row before (right to a
// bucket of the histogram, 1.6%). In an open loop since each was due, and named so. All bars
// have one scale; '.' is less than half a mark. Plain text of 80 columns at most; empty if the
// result holds no histograms. Throws InputError if one cannot be read.
std::string latency_drawing(const Json& result);

}  // namespace stalemark
