// SPDX-License-Identifier: Apache-2.0
// What the store holds when a run begins.

#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "stores/compression.h"
#include "stores/store.h"
#include "workload/spec.h"

namespace stalemark {

// Digest of all that decides the loaded rows and how they lie on the disk: two runs with the
// same one can share them.
std::string data_digest(const WorkloadSpec& workload, Compression compression);

// Puts every preloaded key, in order, each with the header of Header::preloaded. The rows
// depend on the workload alone, not on the run's seed. Throws RunError if the store refuses a
// row or if `stop` is set meanwhile. `tell` hears now and then what share is loaded.
void load_data(const WorkloadSpec& workload, Store& store, const std::atomic<bool>& stop,
               const std::function<void(double)>& tell);

// Keys 0 .. this-1 are loaded.
std::uint64_t preloaded_keys(const WorkloadSpec& workload);

}  // namespace stalemark
