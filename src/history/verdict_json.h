// SPDX-License-Identifier: Apache-2.0
// What judging a history came to, as JSON. docs/check.md explains each field.

#pragma once

#include <nlohmann/json.hpp>

#include "history/history_checker.h"

namespace stalemark {

nlohmann::ordered_json verdict_json(const HistoryChecker& checker);

}  // namespace stalemark
