// SPDX-License-Identifier: Apache-2.0
// Which keys writers have under quarantine: from before a change until its end no lease of the
// key is handed out (the Q leases of the IQ framework: Ghandeharizadeh, Yap, Nguyen, Strong
// Consistency in Cache Augmented SQL Systems, Middleware 2014).
//
// Any number of writers may hold a key at once. The end of each erases the entry. A quarantine
// that its writer does not end is over after its time. Used under its owner's mutex.

#pragma once

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "caches/condition.h"
#include "caches/lazy_clock.h"

namespace stalemark {

class Quarantines {
public:
    void begin(Key key, Stamp stamp, const Quarantine& terms, LazyClock& clock) {
        held_[key].push_back({stamp, clock.after(terms.ttl), terms.hides_entry});
    }

    bool is_empty() const { return held_.empty(); }

    bool is_held(Key key) const { return held_.contains(key); }

    // Whether a reader finds no entry, though there may be one.
    bool hides(Key key) const {
        const auto found = held_.find(key);
        return found != held_.end() && std::ranges::any_of(found->second, &Held::hides_entry);
    }

    // Drops those whose time is over; answers whether there were any, so that the entry must
    // go. Called before whatever else is asked of the key.
    bool settle(Key key, LazyClock& clock) {
        return drop_if(key, [&](const Held& one) { return clock.is_past(one.until); });
    }

    // Ends the one of this stamp; answers whether it was there.
    bool end(Key key, Stamp stamp) {
        return drop_if(key, [&](const Held& one) { return one.stamp == stamp; });
    }

    // Whether at `at` a reader would find no entry: it is hidden then, or a writer's time has
    // come to its end and has taken the entry along.
    bool would_hide(Key key, Instant at) const {
        const auto found = held_.find(key);
        return found != held_.end() && std::ranges::any_of(found->second, [&](const Held& one) {
                   return one.hides_entry || one.until <= at;
               });
    }

    bool is_valid(Key key, Stamp stamp) const {
        const auto found = held_.find(key);
        return found != held_.end() &&
               std::ranges::find(found->second, stamp, &Held::stamp) != found->second.end();
    }

    void clear() { held_.clear(); }

private:
    struct Held {
        Stamp stamp = no_stamp;
        Instant until = never;
        bool hides_entry = false;
    };

    template <typename Drop>
    bool drop_if(Key key, Drop drop) {
        const auto found = held_.find(key);
        if (found == held_.end()) return false;
        const bool has_dropped = std::erase_if(found->second, drop) > 0;
        if (found->second.empty()) held_.erase(found);
        return has_dropped;
    }

    std::unordered_map<Key, std::vector<Held>> held_;
};

}  // namespace stalemark
