// SPDX-License-Identifier: Apache-2.0
#include "suite/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/errors.h"
#include "core/wall_clock.h"

namespace stalemark {
namespace {

using Json = nlohmann::json;

}  // namespace

std::string new_session_id(std::string_view name) {
    return fmt::format("{}-{}-{}", name, utc_now(), ::getpid());
}

std::string to_text(const SuiteSession& suite) {
    return Json{{"id", suite.session.id},
                {"repetition", suite.session.repetition},
                {"position", suite.session.position},
                {"db", suite.db}}
        .dump();
}

std::optional<SuiteSession> current_session() {
    const char* const text = std::getenv(session_variable);
    if (text == nullptr) return std::nullopt;
    try {
        const Json suite = Json::parse(text);
        return SuiteSession{
            .session = {.id = suite.at("id").get<std::string>(),
                        .repetition = suite.at("repetition").get<std::uint64_t>(),
                        .position = suite.at("position").get<std::uint64_t>()},
            .db = suite.at("db").get<std::string>()};
    } catch (const Json::exception&) {
        throw InputError("STALEMARK_SESSION: is set by `stalemark suite` alone; unset it");
    }
}

}  // namespace stalemark
