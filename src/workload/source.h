// SPDX-License-Identifier: Apache-2.0
// What is asked, operation by operation: a function of workload, seed and phase alone, whatever
// the strategy and however fast it answers.
//
// In a closed loop each client has a source of its own. In an open loop all operations come
// from one, each with the instant at which it is due and the session that asks, so that they do
// not depend on how many clients carry them out.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workload/operation.h"
#include "workload/spec.h"

namespace stalemark {

// Not for two threads at once.
class Source {
public:
    virtual ~Source() = default;

    // The next operation; nothing when a trace or a phase's count of operations has come to its
    // end. Operations of an open loop come in order of `due`.
    virtual std::optional<Operation> next() = 0;
};

// Whether the operations of a phase are due at times of their own. Those of a trace are, unless
// it is replayed as fast as it goes.
bool is_open_loop(const WorkloadSpec& spec, const Phase& phase);

// Whether any phase is an open loop.
bool has_open_loop(const WorkloadSpec& spec);

struct ClientSeat {
    std::uint64_t seed = 1;
    std::uint32_t phase = 0;  // Index into the phases of the workload.
    std::uint32_t client = 0;
    std::uint32_t clients = 1;
};

// One client's operations of a phase that is a closed loop. Requires: the indices are in range.
// A trace is dealt out by key, so that one key's operations keep their order. Throws InputError
// for a bad trace file.
std::unique_ptr<Source> open_source(const WorkloadSpec& spec, const ClientSeat& seat);

// Those of all clients, in order. What they have in common is made once.
std::vector<std::unique_ptr<Source>> open_sources(const WorkloadSpec& spec, std::uint64_t seed,
                                                  std::uint32_t phase, std::uint32_t clients);

// All operations of a phase that is an open loop, in the order in which they are due. Sessions
// ask at random, each as often as any other; the operations of one key of a trace all belong to
// one session, since a trace does not say who asked. Requires: sessions > 0.
std::unique_ptr<Source> open_arrivals(const WorkloadSpec& spec, std::uint64_t seed,
                                      std::uint32_t phase, std::uint32_t sessions);

// Digest, as 16 hexadecimal digits, of the first operations of a run, equal for every strategy:
// of an open phase the first 10,000; of a closed one up to 1,000 of each client, a million in
// all. It depends on `clients` where a phase is a closed loop, on `sessions` where one is open.
std::string digest_of(const WorkloadSpec& spec, std::uint64_t seed, std::uint32_t clients,
                      std::uint32_t sessions);

}  // namespace stalemark
