// SPDX-License-Identifier: Apache-2.0
// What ends the program, thrown anywhere and printed once, in main.

#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace stalemark {

// The user asked for something wrong. One line: what is wrong, what was expected. Exit
// status 2.
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
    InputError(const std::string& message, std::string_view about)
        : std::runtime_error(message), option(about) {}

    // The option of a run that it is about, without dashes; empty: of none, or of several.
    std::string option;
};

// The run could not be carried out: a full disk, a broken database. One line. Exit status 1.
struct RunError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace stalemark
