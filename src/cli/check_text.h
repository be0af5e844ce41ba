// SPDX-License-Identifier: Apache-2.0
// The verdict on a history, for people: at most 80 columns.

#pragma once

#include <string>

#include "history/history_checker.h"

namespace stalemark {

// Verdict first, then a paragraph for each class of anomaly, then the worst of each with its
// certificate.
std::string check_text(const HistoryChecker& checker);

}  // namespace stalemark
