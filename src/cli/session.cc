#include "cli/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "core/errors.h"
#include "core/wall_clock.h"

namespace stalemark {

std::string new_session_id(std::string_view name) {
    return fmt::format("{}-{}-{}", name, utc_now(), ::getpid());
}

std::string to_text(const Session& session) {
    return Json{{"id", session.id},
                {"repetition", session.repetition},
                {"position", session.position},
                {"db", session.db}}
        .dump();
}

std::optional<Session> current_session() {
    const char* const text = std::getenv(session_variable);
    if (text == nullptr) return std::nullopt;
    try {
        const Json session = Json::parse(text);
        return Session{.id = session.at("id").get<std::string>(),
                       .repetition = session.at("repetition").get<std::uint64_t>(),
                       .position = session.at("position").get<std::uint64_t>(),
                       .db = session.at("db").get<std::string>()};
    } catch (const Json::exception&) {
        throw InputError("STALEMARK_SESSION: is set by `stalemark suite` alone; unset it");
    }
}

Json session_section(const Session& session) {
    return {{"id", session.id},
            {"repetition", session.repetition},
            {"pair", session.repetition},
            {"position", session.position}};
}

}  // namespace stalemark
