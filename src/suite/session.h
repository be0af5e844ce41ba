// SPDX-License-Identifier: Apache-2.0
// The session of a suite's runs, handed to each run's process in the environment, so that the
// command of a run repeats it alone, too.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "experiment/experiment.h"

namespace stalemark {

constexpr const char* session_variable = "STALEMARK_SESSION";

struct SuiteSession {
    Session session;
    std::string db;  // Where the loaded data of the suite's runs is kept.
};

// Of a session that begins now; no other has it on this machine.
std::string new_session_id(std::string_view name);

std::string to_text(const SuiteSession& session);

// Of this process; nothing if it is no part of a suite. Throws InputError if it cannot be read.
std::optional<SuiteSession> current_session();

}  // namespace stalemark
