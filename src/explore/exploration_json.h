// SPDX-License-Identifier: Apache-2.0
// Explorations and witnesses as JSON, and a witness read back for a replay.

#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "explore/exploration.h"

namespace stalemark {

// The options that make the protocol, by name, as they were typed.
using ProtocolTexts = std::map<std::string, std::string, std::less<>>;

// The version of a witness. A reader takes no other.
constexpr int witness_schema = 1;

nlohmann::ordered_json json_of(const ScheduleWitness& witness, const ProtocolTexts& options);
nlohmann::ordered_json json_of(const ExploredSetup& setup, const Exploration& exploration,
                               const ProtocolTexts& options);

// What a replay needs of a witness.
struct ReplayFile {
    ProtocolTexts options;
    std::string program;
    bool is_warm = false;
    bool are_rows_absent = false;
    ExploredFaults faults;
    ScheduleAnomaly of = ScheduleAnomaly::permanent;
    std::string sentence;
    std::vector<ScheduleChoice> choices;
    std::vector<std::string> texts;  // Of the steps, as WitnessStep::text() had them.
};

// Takes a witness, or the first of an exploration. Throws InputError, which says what is wrong.
ReplayFile read_replay(const std::string& text);

}  // namespace stalemark
