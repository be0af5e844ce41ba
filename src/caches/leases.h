// SPDX-License-Identifier: Apache-2.0
// Who may fill which key: a lease goes to the first caller that finds no entry, and lasts until
// an entry is put, it is voided, or its time is over (as in memcached; Nishtala et al., Scaling
// Memcache at Facebook, NSDI 2013).
//
// Used under its owner's mutex.

#pragma once

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "caches/condition.h"
#include "caches/lazy_clock.h"

namespace stalemark {

class Leases {
public:
    // Answers `stamp` if nobody holds a lease of the key, so that this is its lease from now
    // on; else no_stamp.
    Stamp grant(Key key, Stamp stamp, Duration ttl, LazyClock& clock) {
        forget_old(clock);
        Lease& lease = leases_[key];
        if (lease.stamp != no_stamp && !clock.is_past(lease.until)) return no_stamp;
        lease = {stamp, clock.after(ttl)};
        return stamp;
    }

    bool is_valid(Key key, Stamp stamp, LazyClock& clock) const {
        const auto found = leases_.find(key);
        return found != leases_.end() && found->second.stamp == stamp &&
               !clock.is_past(found->second.until);
    }

    void end(Key key) {
        if (!leases_.empty()) leases_.erase(key);
    }

    void clear() { leases_.clear(); }

private:
    struct Lease {
        Stamp stamp = no_stamp;
        Instant until = never;
    };

    // A lease that nobody has used stays behind. Each time that their number has doubled, those
    // whose time is over are dropped.
    void forget_old(LazyClock& clock) {
        if (leases_.size() < crowd_) return;
        std::erase_if(leases_,
                      [&](const auto& one) { return clock.is_past(one.second.until); });
        crowd_ = std::max(crowd_least, 2 * leases_.size());
    }

    static constexpr std::size_t crowd_least = 64;
    std::size_t crowd_ = crowd_least;
    std::unordered_map<Key, Lease> leases_;
};

}  // namespace stalemark
