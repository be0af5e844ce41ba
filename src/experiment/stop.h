// SPDX-License-Identifier: Apache-2.0
// Ctrl-C: asks the run to stop soon and keep what it has.

#pragma once

#include <atomic>

namespace stalemark {

// Set by SIGINT and SIGTERM once catch_interrupts() was called. A second signal ends the
// program.
const std::atomic<bool>& interrupted();

void catch_interrupts();

// Called after the first signal: the second does not end the program but is told by
// interrupted_again(); the third does.
void catch_second_interrupt();
bool interrupted_again();

}  // namespace stalemark
