// SPDX-License-Identifier: Apache-2.0
// JSON text as a tree, and the line on which each of its fields begins.

#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace stalemark {

constexpr std::size_t json_levels_most = 32;

struct ParsedJson {
    nlohmann::ordered_json root;
    std::map<std::string, std::size_t, std::less<>> lines;  // By path, such as "phases.0.rate".
};

// Takes UTF-8 with or without a byte order mark; no field twice, at most 32 levels. Otherwise
// throws InputError: "name:line: what was expected".
ParsedJson parse_json(std::string_view text, std::string_view name);

}  // namespace stalemark
