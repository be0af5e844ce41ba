// SPDX-License-Identifier: Apache-2.0
// Reads the file of a history into a checker. docs/check.md explains the formats.

#pragma once

#include <string>

#include "history/history_checker.h"
#include "history/line_source.h"

namespace stalemark {

// The whole history, in the format that its first line shows; "-" is standard input. Throws
// InputError, which names the line and what is wrong with it.
void read_history(const std::string& path, HistoryChecker& checker);

}  // namespace stalemark
