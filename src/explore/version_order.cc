// SPDX-License-Identifier: Apache-2.0
#include "explore/version_order.h"

#include <bit>

namespace stalemark {

VersionOrder::VersionOrder(const ExploredOutcome& outcome) : outcome_(outcome) {
    if (outcome.is_initially_absent) absences_ |= set_of_value(initial_value);
    for (std::size_t i = 0; i < outcome.operations.size(); ++i) {
        const ExploredOperation& operation = outcome.operations[i];
        if (operation.step.kind == ProgramStep::Kind::erase)
            absences_ |= set_of_value(value_of(i));
        if (operation.has_ended && !operation.has_failed)
            acknowledged_ |= std::uint32_t{1} << i;
    }
    for (const auto& made : outcome.committed) {
        std::uint32_t place = 0;
        for (const ValueId value : made) places_[static_cast<std::size_t>(value)] = ++place;
    }
}

bool VersionOrder::is_older(ValueId a, ValueId b) const {
    if (b == initial_value || are_same(a, b)) return false;
    if (a == initial_value) return true;
    if (is_committed(a) && is_committed(b))
        return places_[static_cast<std::size_t>(a)] < places_[static_cast<std::size_t>(b)];
    return precedes(maker_of(a), maker_of(b));
}

bool VersionOrder::precedes(std::size_t a, std::size_t b) const {
    return (outcome_.operations[b].before & acknowledged_) >> a & 1;
}

ValueSet VersionOrder::may_have_seen(std::size_t read) const {
    const ExploredOperation& reading = outcome_.operations[read];
    if (reading.seen != some_absence) return set_of_value(reading.seen);
    ValueSet values = outcome_.is_initially_absent ? set_of_value(initial_value) : 0;
    for (std::size_t i = 0; i < outcome_.operations.size(); ++i) {
        const ExploredOperation& other = outcome_.operations[i];
        const bool is_delete = other.step.kind == ProgramStep::Kind::erase && other.has_begun &&
                               other.step.key == reading.step.key;
        if (is_delete && (other.before >> read & 1) == 0) values |= set_of_value(value_of(i));
    }
    return values;
}

bool VersionOrder::is_all_older(ValueSet a, ValueSet b) const {
    if (a == 0 || b == 0) return false;
    for (ValueSet left = a; left != 0; left &= left - 1) {
        for (ValueSet right = b; right != 0; right &= right - 1) {
            const auto one = static_cast<ValueId>(std::countr_zero(left));
            if (!is_older(one, static_cast<ValueId>(std::countr_zero(right)))) return false;
        }
    }
    return true;
}

}  // namespace stalemark
