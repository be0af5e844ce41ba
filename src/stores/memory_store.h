// SPDX-License-Identifier: Apache-2.0
// memory: rows in blocks, for tests and simulated runs. Nothing survives the process.

#pragma once

#include <memory>

#include "stores/settings.h"
#include "stores/store.h"

namespace stalemark {

// Versions of a row are 1, 2, 3, ...; an erased row goes on counting when it is made again.
// Calls hold mutexes for tens of nanoseconds; write() makes its changes in one step. A change
// that is logged takes 48 bytes, for as long as the store.
std::unique_ptr<Store> make_memory_store(const StoreSettings& settings = {});

}  // namespace stalemark
