// SPDX-License-Identifier: Apache-2.0
#include "shields/lock.h"

#include "runtime/growing_pause.h"

namespace stalemark {
namespace {

void count(std::atomic<std::uint64_t>& counter) {
    counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

Result<Answer> Lock::load(Key key, const Ticket& ticket) {
    const Instant deadline = parts_.runtime.now() + parts_.settings.lock_timeout;
    bool has_waited = false;
    while (true) {
        const Seat seat = join(key);
        if (seat.is_leader) {
            if (has_waited) count(leaders_lost_);
            return lead(key, ticket, seat.flight);
        }
        if (!has_waited) count(joined_);
        has_waited = true;
        switch (seat.flight->wait(parts_.runtime, deadline)) {
            case Flight::End::landed: {
                auto answer = seat.flight->answer();
                if (answer) {
                    answer->outcome = Outcome::wait;
                } else {
                    count(failures_shared_);
                }
                return answer;
            }
            case Flight::End::abandoned:
                continue;
            case Flight::End::too_late:
                return load_late(key);
        }
    }
}

// A flight that has been under way for the lock timeout holds up nobody any more.
Lock::Seat Lock::join(Key key) {
    parts_.runtime.point({"flight", "join", key});
    const Instant now = parts_.runtime.now();
    const std::lock_guard lock(guard_);
    std::shared_ptr<Flight>& flight = flights_[key];
    const bool is_leader =
        !flight || parts_.runtime.is_over(flight->began() + parts_.settings.lock_timeout);
    if (is_leader) flight = std::make_shared<Flight>(now);
    return {flight, is_leader};
}

void Lock::leave(Key key, const std::shared_ptr<Flight>& flight) {
    parts_.runtime.point({"flight", "leave", key});
    const std::lock_guard lock(guard_);
    const auto found = flights_.find(key);
    if (found != flights_.end() && found->second == flight) flights_.erase(found);
}

void Lock::forget(Key key) {
    if (parts_.settings.joins_overtaken) return;
    parts_.runtime.point({"flight", "forget", key});
    const std::lock_guard lock(guard_);
    flights_.erase(key);
}

Result<Answer> Lock::lead(Key key, const Ticket& ticket,
                          const std::shared_ptr<Flight>& flight) {
    struct Landing {  // Also where the load throws.
        Lock& lock;
        Key key;
        const std::shared_ptr<Flight>& flight;
        ~Landing() {
            if (lock.parts_.runtime.ending() == End::kill) return;
            lock.leave(key, flight);
            flight->abandon(lock.parts_.runtime);
        }
    } const landing{*this, key, flight};
    auto answer = load_for_all(key, ticket);
    leave(key, flight);
    flight->land(answer, parts_.runtime);
    return answer;
}

Result<Answer> Lock::load_for_all(Key key, const Ticket& ticket) {
    if (ticket.missed.why == Miss::unavailable) return parts_.loading.fetch(key, ticket);
    if (parts_.leases != nullptr) return load_for_fleet(key, ticket);
    // Another flight may have landed between this reader's miss and his taking off.
    if (auto answer = look_again(key, Outcome::hit)) return *answer;
    return parts_.loading.fetch(key, ticket);
}

// The lease is an entry that lives as long as the lock timeout, should its holder die, and that
// only one node can make.
Result<Answer> Lock::load_for_fleet(Key key, const Ticket& ticket) {
    Cache& leases = *parts_.leases;
    const Instant deadline = parts_.runtime.now() + parts_.settings.lock_timeout;
    GrowingPause pause(parts_.runtime);
    for (bool is_first = true;; is_first = false) {
        const Instant asked = parts_.runtime.now();
        const auto taken =
            leases.put(key, Row(), parts_.settings.lock_timeout, Condition::absent());
        if (!taken)
            return parts_.loading.fetch(key, ticket);  // No lease to be had: as without.
        if (auto answer = look_again(key, is_first ? Outcome::hit : Outcome::wait)) {
            if (*taken != no_stamp) give_back(key, *taken, asked);
            return *answer;
        }
        if (*taken != no_stamp) {
            auto answer = parts_.loading.fetch(key, ticket);
            give_back(key, *taken, asked);
            return answer;
        }
        // For his flight, too: else each who waits for him would wait for the lease anew.
        if (parts_.runtime.is_over(deadline)) return load_late(key);
        if (is_first) count(lease_waits_);
        pause.sleep_until(deadline);
    }
}

// A lease that has run out may be another node's by now.
void Lock::give_back(Key key, Stamp lease, Instant asked) {
    const Instant ends = asked + parts_.settings.lock_timeout;
    const auto is_done = [this, key, lease, ends] {
        return parts_.runtime.is_over(ends) ||
               parts_.leases->erase(key, Condition::unchanged(lease), {}).has_value();
    };
    if (is_done()) return;
    // Out of reach: nobody may load this key before it is given back, so it is tried again.
    returning_.spawn("lease", [this, is_done] {
        do parts_.runtime.sleep_for(GrowingPause::longest);
        while (!is_done());
    });
}

std::optional<Answer> Lock::look_again(Key key, Outcome outcome) {
    auto cached = parts_.cache.get(key, Look::other);
    if (!cached || cached->is_stale) return std::nullopt;
    return Answer{std::move(cached->row), outcome, cached->slack};
}

Result<Answer> Lock::load_late(Key key) {
    count(timed_out_);
    return parts_.loading.fetch_uncached(key);
}

std::vector<ShieldCount> Lock::counts() const {
    return {{"joined", joined_},
            {"timed_out", timed_out_},
            {"failures_shared", failures_shared_},
            {"leaders_lost", leaders_lost_},
            {"lease_waits", lease_waits_}};
}

}  // namespace stalemark
