// memory: a store in this process, for tests and for runs that are to measure no store at all.

#pragma once

#include <memory>

#include "stores/store.h"

namespace stalemark {

// Sharded; a call holds a mutex for tens of nanoseconds. A deleted row keeps its number, so that
// versions of a key ascend for ever.
std::unique_ptr<Store> make_memory_store();

}  // namespace stalemark
