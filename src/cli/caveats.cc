// SPDX-License-Identifier: Apache-2.0
#include "cli/caveats.h"

#include <fmt/format.h>

namespace stalemark {
namespace {

std::string line(std::string_view name, std::string_view text) {
    return fmt::format("  {:<18} {}\n", name, text);
}

// Results of schema 1 do not say.
std::string cold_cache(const Json& result) {
    if (!result.contains("warmup")) return "";
    const Json& warmup = result.at("warmup");
    if (warmup.value("stable", true)) return "";
    return line(
        "cold cache",
        fmt::format("the hit ratio was not known to be stable when the warm-up ended ({})",
                    warmup.at("ended_because").get<std::string>()));
}

std::string saturation(const Json& result) {
    if (!result.contains("schedule") || !result.at("schedule").value("saturated", false))
        return "";
    return line("saturated",
                "clients fell further and further behind: figures describe the generator");
}

}  // namespace

std::string caveats(const Json& result) { return cold_cache(result) + saturation(result); }

}  // namespace stalemark
