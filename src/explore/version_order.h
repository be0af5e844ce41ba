// SPDX-License-Identifier: Apache-2.0
// Which of two values of a key is older, as far as the outcome of a schedule shows it.
//
// Of values that the store has committed, and the initial one, the order of commits decides; of
// a value that it has committed twice, the last of them. Of a value that it has not - replaced
// in a queue of writes by a newer one, or still queued at a crash - only real time does: it is
// older than what began after its change was acknowledged, and newer than the initial value. A
// change that came back with trouble may take effect later, and precedes nothing by its end. An
// absence is never older than another absence.

#pragma once

#include <array>
#include <cstdint>

#include "explore/outcome.h"

namespace stalemark {

// Values as bits: bit n is value n.
using ValueSet = std::uint64_t;

class VersionOrder {
public:
    // Must not outlive the outcome.
    explicit VersionOrder(const ExploredOutcome& outcome);

    bool is_absence(ValueId value) const {
        return value == some_absence || (absences_ >> value & 1) != 0;
    }
    bool are_same(ValueId a, ValueId b) const {
        return a == b || (is_absence(a) && is_absence(b));
    }
    bool is_committed(ValueId value) const {
        return value == initial_value || places_[static_cast<std::size_t>(value)] != 0;
    }

    // Both are of one key, and known: not some_absence.
    bool is_older(ValueId a, ValueId b) const;

    // Whether operation `a` was acknowledged before operation `b` began.
    bool precedes(std::size_t a, std::size_t b) const;

    // What the operation, a read that has ended, may have seen: of an absence whose delete is
    // not known, the initial one and each of a delete that had begun before the read ended.
    ValueSet may_have_seen(std::size_t read) const;

    // Whether each value that the first may be is older than each that the second may be; not
    // if there is none.
    bool is_all_older(ValueSet a, ValueSet b) const;

    // Operations that have ended without trouble, as bits.
    std::uint32_t acknowledged() const { return acknowledged_; }

private:
    const ExploredOutcome& outcome_;
    ValueSet absences_ = 0;
    std::uint32_t acknowledged_ = 0;

    // By value: its last place among the commits of its key, from 1; 0: not committed.
    std::array<std::uint32_t, Program::operations_most + 1> places_{};
};

inline ValueSet set_of_value(ValueId value) { return ValueSet{1} << value; }

// What operation `i` makes if it is a change, and which operation made a value that is not
// initial.
inline ValueId value_of(std::size_t i) { return static_cast<ValueId>(i + 1); }
inline std::size_t maker_of(ValueId value) { return static_cast<std::size_t>(value - 1); }

}  // namespace stalemark
