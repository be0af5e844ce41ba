// SPDX-License-Identifier: Apache-2.0
// A result file, read.

#pragma once

#include <string>

#include "report/sections.h"

namespace stalemark {

// Throws InputError if it is not one, or of a schema that is not known.
Json read_result(const std::string& path);

}  // namespace stalemark
