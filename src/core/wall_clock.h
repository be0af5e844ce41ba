// SPDX-License-Identifier: Apache-2.0
// The date and the time that passes, for the record and for people who wait: nothing that is
// measured or decided may depend on them.

#pragma once

#include <string>

#include "core/types.h"

namespace stalemark {

// "2026-01-31T12:34:56Z", now.
std::string utc_now();

// Since some moment in the past; never goes back.
Duration time_that_passes();

}  // namespace stalemark
