// Faults as options, and what a result says of them.

#pragma once

#include <cstdint>
#include <vector>

#include "cli/experiment.h"

namespace stalemark {

// Of --fault, in the order given. The rest of the experiment must be resolved: throws
// InputError for faults that could not show in it.
std::vector<Fault> read_faults(const RunOptions& options, const Experiment& experiment);

// What of it goes wrong on the bus.
void disturb(BusSettings& bus, const std::vector<Fault>& faults);

// `configuration.faults` and `faults` of a result; `calls_hit` by fault.
Json fault_texts(const std::vector<Fault>& faults);
Json faults_section(const std::vector<Fault>& faults,
                    const std::vector<std::uint64_t>& calls_hit);

// What the cache section says besides in a run with faults of the cache: calls not answered,
// and entries lost to a flush.
void add_cache_faults(Json& cache, const std::vector<Fault>& faults,
                      const std::vector<std::uint64_t>& calls_hit, std::uint64_t cleared);

}  // namespace stalemark
