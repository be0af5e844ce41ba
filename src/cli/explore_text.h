// SPDX-License-Identifier: Apache-2.0
// Explorations and their witnesses for people.

#pragma once

#include <string>

#include "explore/exploration.h"

namespace stalemark {

// As a table that reads like a sequence diagram, at most 100 columns wide for small programs.
std::string witness_text(const ScheduleWitness& witness);

std::string exploration_text(const ExploredSetup& setup, const Exploration& exploration);

}  // namespace stalemark
