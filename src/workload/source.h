// The operations of one client: a function of workload, seed, phase, client and number of
// clients alone, whatever the strategy and however fast it answers.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workload/operation.h"
#include "workload/spec.h"

namespace stalemark {

// Used by one client; not by two threads at once.
class Source {
public:
    virtual ~Source() = default;

    // The next operation; nothing when a trace or a phase's count of operations has come to its
    // end. Operations of an open loop come in order of `due`.
    virtual std::optional<Operation> next() = 0;
};

struct ClientSeat {
    std::uint64_t seed = 1;
    std::uint32_t phase = 0;  // Index into the phases of the workload.
    std::uint32_t client = 0;
    std::uint32_t clients = 1;
};

// Opens one client's operations. Requires: the indices are in range. A trace is dealt out by
// key, so that one key's operations keep their order. Throws InputError for a bad trace file.
std::unique_ptr<Source> open_source(const WorkloadSpec& spec, const ClientSeat& seat);

// Those of all clients, in order. What they have in common is made once.
std::vector<std::unique_ptr<Source>> open_sources(const WorkloadSpec& spec, std::uint64_t seed,
                                                  std::uint32_t phase, std::uint32_t clients);

// Digest, as 16 hexadecimal digits, of the first operations (of a client and phase up to 1,000;
// of more than 1,000 clients fewer, a million in all)
// that the clients of a run will be given: equal for every strategy.
std::string digest_of(const WorkloadSpec& spec, std::uint64_t seed, std::uint32_t clients);

}  // namespace stalemark
