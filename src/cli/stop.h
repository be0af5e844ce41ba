// Ctrl-C: asks the run to stop soon and keep what it has.

#pragma once

#include <atomic>

namespace stalemark {

// Set by SIGINT and SIGTERM once catch_interrupts() was called. A second signal ends the
// program.
const std::atomic<bool>& interrupted();

void catch_interrupts();

}  // namespace stalemark
