// SPDX-License-Identifier: Apache-2.0
// lock: of all the readers who miss a key one loads it and the others wait for that load
// (single-flight, cache lock). In a node they wait on the one load; between nodes, a lease in
// the shared cache says whose node may load.
//
// Strength: one load per expiry, or one per node without a shared cache, whatever the rate of
// reads.
// Hazard: all readers wait for the one load, and share its failure. A reader that has waited
// for the lock timeout asks the store itself and caches nothing: if the load hangs, the herd
// reaches the store after the timeout. Between nodes, a load that began before a write keeps
// the lease after it, and the others wait for its old answer.

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "runtime/task_group.h"
#include "shields/flight.h"
#include "shields/shield.h"

namespace stalemark {

class Lock final : public Shield {
public:
    explicit Lock(const ShieldParts& parts) : parts_(parts), returning_(parts.runtime) {}

    bool serves(Key /*key*/, const Cached& cached, bool /*was_passed_over*/) override {
        return !cached.is_stale;
    }
    Result<Answer> load(Key key, const Ticket& ticket) override;

    // Who comes from now on starts a load of his own, unless he is to join: the write must not
    // be hidden from its writer by a load that began before it.
    void forget(Key key) override;

    std::vector<ShieldCount> counts() const override;

private:
    struct Seat {
        std::shared_ptr<Flight> flight;
        bool is_leader;
    };

    Seat join(Key key);
    void leave(Key key, const std::shared_ptr<Flight>& flight);
    Result<Answer> lead(Key key, const Ticket& ticket, const std::shared_ptr<Flight>& flight);
    Result<Answer> load_for_all(Key key, const Ticket& ticket);
    Result<Answer> load_for_fleet(Key key, const Ticket& ticket);
    void give_back(Key key, Stamp lease, Instant asked);
    std::optional<Answer> look_again(Key key, Outcome outcome);
    Result<Answer> load_late(Key key);

    const ShieldParts parts_;
    std::mutex guard_;  // Never held while parked.
    std::unordered_map<Key, std::shared_ptr<Flight>> flights_;
    std::atomic<std::uint64_t> joined_ = 0;
    std::atomic<std::uint64_t> timed_out_ = 0;
    std::atomic<std::uint64_t> failures_shared_ = 0;
    std::atomic<std::uint64_t> leaders_lost_ = 0;
    std::atomic<std::uint64_t> lease_waits_ = 0;
    TaskGroup returning_;  // Of leases. The last member: the first to go.
};

}  // namespace stalemark
