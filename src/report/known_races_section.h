// SPDX-License-Identifier: Apache-2.0
// `known_races` of a result, and `races` of a strategy in `stalemark list --json`.

#pragma once

#include <nlohmann/json.hpp>

#include "strategies/known_race.h"

namespace stalemark {

nlohmann::ordered_json known_races_section(const KnownRaces& races);

}  // namespace stalemark
