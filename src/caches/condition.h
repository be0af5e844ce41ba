// SPDX-License-Identifier: Apache-2.0
// What a call may ask of the entry of its key, and what it may leave there. Both are carried
// out in one step: nothing comes between the look and the change.

#pragma once

#include <cstdint>

#include "core/types.h"

namespace stalemark {

// Names the call that made an entry or a lease; no two share one.
using Stamp = std::uint64_t;

// As a stamp: that there is no entry, or no lease.
constexpr Stamp no_stamp = 0;

// As a stamp: that of an entry that cannot be named, or of one that is gone and whose version
// is remembered. No entry is unchanged since.
constexpr Stamp unnamed = ~Stamp{0};

// When a put or an erase is carried out. What is there is an entry that get() would find, a
// tombstone, or nothing.
class Condition {
public:
    enum class Kind : std::uint8_t { always, unchanged, newer, leased, quarantined };

    static constexpr Condition always() { return {Kind::always, 0}; }

    // Nothing is there.
    static constexpr Condition absent() { return {Kind::unchanged, no_stamp}; }

    // The entry that was made by `stamp` is there; no_stamp: nothing is.
    static constexpr Condition unchanged(Stamp stamp) { return {Kind::unchanged, stamp}; }

    // What is there is not newer than `version`: a put may take the place of an entry of the
    // same version, an erase may not. Holds where one of the two versions is not known, and
    // where nothing is.
    static constexpr Condition newer(Version version) { return {Kind::newer, version}; }

    // The lease `stamp` is neither over nor void, nor has it been used.
    static constexpr Condition leased(Stamp stamp) { return {Kind::leased, stamp}; }

    // The quarantine `stamp` is not over. Of an erase only, which ends it.
    static constexpr Condition quarantined(Stamp stamp) { return {Kind::quarantined, stamp}; }

    Kind kind() const { return kind_; }
    Stamp stamp() const { return number_; }

    enum class Change : std::uint8_t { put, erase };

    // What a cache has for the key when it is asked. Requires: it is not past its time.
    struct There {
        Stamp stamp = no_stamp;  // no_stamp: nothing.
        Version version = 0;
    };

    // These answer whether the lease or the quarantine of this stamp is valid.
    template <typename IsLeased, typename IsQuarantined>
    bool holds(Change change, const There& there, IsLeased is_leased,
               IsQuarantined is_quarantined) const {
        switch (kind_) {
            case Kind::always:
                return true;
            case Kind::unchanged:
                return there.stamp == number_;
            case Kind::newer: {
                const bool is_known = there.version != 0 && number_ != 0;
                const bool may_be_equal = change == Change::put;
                return !is_known || there.version < number_ ||
                       (may_be_equal && there.version == number_);
            }
            case Kind::leased:
                return is_leased(number_);
            case Kind::quarantined:
                return change == Change::erase && is_quarantined(number_);
        }
        return false;
    }

private:
    constexpr Condition(Kind kind, std::uint64_t number) : kind_(kind), number_(number) {}

    Kind kind_;
    std::uint64_t number_;
};

// A writer has the key for so long, or until it ends that by an erase (Condition::quarantined).
// Meanwhile no lease is handed out, and an entry may be there that no reader finds. Any number
// of writers may have a key at once. If the time is over before the erase, the entry is gone.
struct Quarantine {
    Duration ttl{0};  // 0: none.
    bool hides_entry = false;
};

// What an erase leaves.
struct Remains {
    // Of a tombstone: the version that the row has come to. It answers no get(), but refuses
    // what is older (Condition::newer), until it is over, replaced, erased, or evicted like an
    // entry. An erase that leaves none forgets the one that was there.
    // 0: no tombstone is left.
    Version version = 0;
    Duration ttl = Duration::max();

    // The lease of the key is void from now on.
    bool voids_lease = false;

    // Whether an erase does something even where no entry is.
    bool is_something() const { return version != 0 || voids_lease; }
};

}  // namespace stalemark
