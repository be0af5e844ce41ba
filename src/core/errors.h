// What ends the program, thrown anywhere and printed once, in main.

#pragma once

#include <stdexcept>
#include <string>

namespace stalemark {

// The user asked for something wrong. One line: what is wrong, what was expected. Exit
// status 2.
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// The run could not be carried out: a full disk, a broken database. One line. Exit status 1.
struct RunError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace stalemark
