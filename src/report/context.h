// SPDX-License-Identifier: Apache-2.0
// Where and with what a run was carried out: the facts without which its figures mean nothing.

#pragma once

#include <string>

#include "report/sections.h"

namespace stalemark {

// Program, compiler, machine and library versions. Asks the operating system each time.
Json context_section();

std::string version_text();  // "stalemark 0.1.0 (commit 1a2b3c4, dirty)" and the libraries.

}  // namespace stalemark
