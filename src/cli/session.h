// What runs that were recorded together have in common: those of a suite, which hands it to
// each run's process in the environment, so that the command of a run repeats it alone, too;
// and the repetitions of one run.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "report/sections.h"

namespace stalemark {

constexpr const char* session_variable = "STALEMARK_SESSION";

struct Session {
    std::string id;
    std::uint64_t repetition = 1;
    std::uint64_t position = 1;  // In the repetition.
    std::string db;              // Where the loaded data of the suite's runs is kept.
};

// Of a session that begins now; no other has it on this machine.
std::string new_session_id(std::string_view name);

std::string to_text(const Session& session);

// Of this process; nothing if it is no part of a suite. Throws InputError if it cannot be read.
std::optional<Session> current_session();

// `session` of the result.
Json session_section(const Session& session);

}  // namespace stalemark
