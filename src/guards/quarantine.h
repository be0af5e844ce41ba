// SPDX-License-Identifier: Apache-2.0
// quarantine: as lease, and a change holds its key in quarantine from before the store has it
// until its erase: no lease is handed out meanwhile (IQ framework: Ghandeharizadeh, Yap,
// Nguyen, Strong Consistency in Cache Augmented SQL Systems, Middleware 2014).
//
// Strength: no reader loads the old row while its change is under way, and the copy that a
// writer leaves behind when it dies goes with its quarantine.
// Hazard: readers of a key that is being written wait for its writer, or ask the store, for as
// long as the quarantine if the writer has died. If they go on reading the old entry meanwhile,
// a reader may come back to it after another has seen the new row in the store.

#pragma once

#include "guards/lease.h"

namespace stalemark {

class QuarantinedChanges final : public LeasedFills {
public:
    explicit QuarantinedChanges(const GuardParts& parts)
        : LeasedFills(parts), cache_(parts.cache), runtime_(parts.runtime) {
        look_.is_first = false;
        look_.quarantine = {
            .ttl = parts.settings.quarantine_ttl,
            .hides_entry = parts.settings.quarantine_reads == QuarantineReads::none};
    }

    Held before_change(Key key) override {
        const auto begun = cache_.get(key, look_);
        if (begun || begun.error().lease == no_stamp) return {};  // Out of reach.
        return {.hold = std::make_shared<Hold>(*this, key, begun.error().lease),
                .erases_copy = true};
    }

private:
    // Its end erases the entry, though another writer may have the key as well, or though its
    // time is over: what was loaded meanwhile may be older than the change.
    class Hold {
    public:
        Hold(QuarantinedChanges& guard, Key key, Stamp stamp)
            : guard_(guard), key_(key), stamp_(stamp) {}
        ~Hold() {
            try {
                if (guard_.runtime_.ending() != End::kill) guard_.end(key_, stamp_);
            } catch (const Cancelled&) {  // The task's next wait throws it again.
            }
        }
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;

    private:
        QuarantinedChanges& guard_;
        const Key key_;
        const Stamp stamp_;
    };

    void end(Key key, Stamp stamp) {
        const Remains remains{.voids_lease = true};
        const auto ended = cache_.erase(key, Condition::quarantined(stamp), remains);
        if (ended && !*ended) cache_.erase(key, Condition::always(), remains);
    }

    Cache& cache_;
    Runtime& runtime_;
    Look look_;
};

}  // namespace stalemark
