// A deterministic runtime: one task runs at a time and time passes only when all of them wait.
//
// Tasks are fibers on one thread. Events are ordered by instant, then by the order in which
// they were made, so a run is a function of what its tasks do. Never wait inside a catch block:
// C++ keeps caught exceptions per thread, not per fiber.

#pragma once

#include <memory>

#include "runtime/runtime.h"

namespace stalemark {

// run() throws std::logic_error, naming each waiting task and why it waits, if tasks are left
// that nothing will ever wake. Call run() and destroy the runtime on one and the same thread.
std::unique_ptr<Runtime> make_virtual_runtime();

}  // namespace stalemark
