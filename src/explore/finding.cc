// SPDX-License-Identifier: Apache-2.0
#include "explore/finding.h"

#include <bit>
#include <utility>

#include "explore/register_order.h"

namespace stalemark {
namespace {

using Found = std::optional<AnomalyFinding>;

class Finder {
public:
    Finder(const ExploredOutcome& outcome, const VersionOrder& order)
        : outcome_(outcome), order_(order) {}

    Found copy_that_differs(bool only_for_ever) const {
        for (std::size_t i = 0; i < outcome_.copies.size(); ++i) {
            const CopyAtRest& copy = outcome_.copies[i];
            if (only_for_ever && !copy.is_for_ever) continue;
            if (order_.are_same(copy.value, outcome_.at_rest(copy.key))) continue;
            return AnomalyFinding{.key = copy.key, .copy = static_cast<int>(i)};
        }
        return std::nullopt;
    }

    // A read that saw what is older than its client made, or saw, before.
    Found older_read(bool than_changes) const {
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if (!is_answered_read(i)) continue;
            for (std::size_t j = 0; j < i; ++j) {
                if (operations_[j].step.client != operations_[i].step.client) continue;
                if (operations_[j].step.key != operations_[i].step.key) continue;
                const bool counts =
                    than_changes ? is_acknowledged_change(j) : is_answered_read(j);
                if (!counts) continue;
                const ValueSet earlier =
                    than_changes ? set_of_value(value_of(j)) : order_.may_have_seen(j);
                if (order_.is_all_older(order_.may_have_seen(i), earlier)) return at(i, j);
            }
        }
        return std::nullopt;
    }

    Found unexplained_read() const {
        for (std::size_t key = 0; key < outcome_.committed.size(); ++key) {
            const std::uint32_t reads = unexplained_reads(outcome_, Key{key});
            if (reads != 0) return why_unexplained(reads);
        }
        return std::nullopt;
    }

    Found dirty_read() const {
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if (!is_answered_read(i) || operations_[i].seen == some_absence) continue;
            if (order_.is_committed(operations_[i].seen)) continue;
            const std::size_t maker = maker_of(operations_[i].seen);
            if (!may_be_replaced(maker)) return at(i, maker);
        }
        return std::nullopt;
    }

    Found older_store() const {
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            if (!is_acknowledged_change(i)) continue;
            const ValueId value = outcome_.at_rest(operations_[i].step.key);
            if (order_.are_same(value, value_of(i))) continue;
            if (value != initial_value && !order_.precedes(maker_of(value), i)) continue;
            return AnomalyFinding{.key = operations_[i].step.key, .other = static_cast<int>(i)};
        }
        return std::nullopt;
    }

    Found lost_update() const {
        for (std::size_t i = 1; i < operations_.size(); ++i) {
            if (!is_modified(i)) continue;
            for (std::size_t j = 1; j < i; ++j) {
                if (!is_modified(j) || operations_[j].step.key != operations_[i].step.key)
                    continue;
                const ValueSet seen = order_.may_have_seen(i - 1);
                if (!std::has_single_bit(seen) || seen != order_.may_have_seen(j - 1)) continue;
                const bool is_last = !order_.is_older(value_of(i), value_of(j));
                return is_last ? at(i, j) : at(j, i);
            }
        }
        return std::nullopt;
    }

    Found stuck_operation() const {
        if (outcome_.stuck == 0) return std::nullopt;
        const auto i = static_cast<std::size_t>(std::countr_zero(outcome_.stuck));
        return AnomalyFinding{.key = operations_[i].step.key, .operation = static_cast<int>(i)};
    }

private:
    AnomalyFinding at(std::size_t operation, std::size_t other) const {
        return {.key = operations_[operation].step.key,
                .operation = static_cast<int>(operation),
                .other = static_cast<int>(other)};
    }

    bool is_acknowledged(std::size_t i) const { return order_.acknowledged() >> i & 1; }
    bool is_acknowledged_change(std::size_t i) const {
        return operations_[i].step.changes() && is_acknowledged(i);
    }
    bool is_answered_read(std::size_t i) const {
        return !operations_[i].step.changes() && is_acknowledged(i) &&
               operations_[i].seen != nothing_returned;
    }

    // The write of a read-modify-write whose halves were both acknowledged.
    bool is_modified(std::size_t i) const {
        return operations_[i].step.is_of_modify && is_acknowledged_change(i) &&
               is_answered_read(i - 1);
    }

    // Whether the store has committed another change that may have come later.
    bool may_be_replaced(std::size_t change) const {
        for (const ValueId value : outcome_.committed[index_of(operations_[change].step.key)]) {
            if (!order_.precedes(maker_of(value), change)) return true;
        }
        return false;
    }

    bool returned_before(std::size_t i, std::size_t j) const {
        return (operations_[j].before >> i & 1) != 0;
    }

    Found why_unexplained(std::uint32_t reads) const {
        const auto first = static_cast<std::size_t>(std::countr_zero(reads));
        if (std::popcount(reads) == 1) return why_alone(first);
        auto last = first;
        for (std::size_t i = first; i < operations_.size(); ++i) {
            const bool is_one = (reads >> i & 1) != 0;
            if (is_one && !returned_before(i, last)) last = i;
        }
        const std::uint32_t others = reads & ~(std::uint32_t{1} << last);
        const auto other = static_cast<std::size_t>(std::countr_zero(others));
        if (std::popcount(reads) == 2 && returned_before(other, last)) return at(last, other);
        return alone(last);
    }

    AnomalyFinding alone(std::size_t read) const {
        return {.key = operations_[read].step.key, .operation = static_cast<int>(read)};
    }

    Found why_alone(std::size_t read) const {
        const ExploredOperation& reading = operations_[read];
        if (reading.seen > initial_value) {
            const std::size_t maker = maker_of(reading.seen);
            if (!operations_[maker].has_begun || returned_before(read, maker))
                return at(read, maker);
        }
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            const bool is_before = operations_[i].step.key == reading.step.key &&
                                   is_acknowledged_change(i) && returned_before(i, read);
            if (is_before && has_replaced_all(i, states_of(read))) return at(read, i);
        }
        return alone(read);
    }

    // As may_have_seen(), but with each absence for any.
    ValueSet states_of(std::size_t read) const {
        if (!order_.is_absence(operations_[read].seen)) return order_.may_have_seen(read);
        ValueSet values = outcome_.is_initially_absent ? set_of_value(initial_value) : 0;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            const bool is_one = operations_[i].step.kind == ProgramStep::Kind::erase &&
                                operations_[i].step.key == operations_[read].step.key;
            if (is_one && operations_[i].has_begun && !returned_before(read, i))
                values |= set_of_value(value_of(i));
        }
        return values;
    }

    // In real time, before the change began.
    bool has_replaced_all(std::size_t change, ValueSet values) const {
        if (values == 0) return false;
        for (; values != 0; values &= values - 1) {
            const auto value = static_cast<ValueId>(std::countr_zero(values));
            if (order_.are_same(value, value_of(change))) return false;
            if (value != initial_value && !order_.precedes(maker_of(value), change))
                return false;
        }
        return true;
    }

    const ExploredOutcome& outcome_;
    const VersionOrder& order_;
    const std::vector<ExploredOperation>& operations_ = outcome_.operations;
};

}  // namespace

std::optional<AnomalyFinding> find_anomaly(const ExploredOutcome& outcome,
                                           const VersionOrder& order, ScheduleAnomaly of) {
    const Finder finder(outcome, order);
    switch (of) {
        case ScheduleAnomaly::permanent:
            return finder.copy_that_differs(false);
        case ScheduleAnomaly::permanent_after_ttl:
            return finder.copy_that_differs(true);
        case ScheduleAnomaly::read_your_writes:
            return finder.older_read(true);
        case ScheduleAnomaly::monotonic_reads:
            return finder.older_read(false);
        case ScheduleAnomaly::linearizability:
            return finder.unexplained_read();
        case ScheduleAnomaly::dirty:
            return finder.dirty_read();
        case ScheduleAnomaly::store_older:
            return finder.older_store();
        case ScheduleAnomaly::lost_update:
            return finder.lost_update();
        case ScheduleAnomaly::stuck:
            return finder.stuck_operation();
    }
    std::unreachable();
}

}  // namespace stalemark
