// SPDX-License-Identifier: Apache-2.0
// The real thing: operating-system threads and the processor's clock.

#pragma once

#include <memory>

#include "runtime/runtime.h"

namespace stalemark {

// Tasks start at once, before run(). A thread that the runtime did not start may wait in it
// too.
std::unique_ptr<Runtime> make_thread_runtime();

}  // namespace stalemark
