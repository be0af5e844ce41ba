// SPDX-License-Identifier: Apache-2.0
// The table of guarantees: what every schedule of the default program shows of each protocol,
// without faults and with one of each kind, from a cold cache and from a warm one.

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace stalemark {

// Of the protocols in whose name `part` occurs; empty: of all. Throws InputError if there is
// none.
nlohmann::ordered_json guarantees_json(std::string_view part, std::string_view program,
                                       std::uint64_t schedules_most);

// The same as a table.
std::string guarantees_text(const nlohmann::ordered_json& guarantees);

}  // namespace stalemark
