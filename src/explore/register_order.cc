// SPDX-License-Identifier: Apache-2.0
#include "explore/register_order.h"

#include <array>
#include <bit>
#include <unordered_set>

#include "core/random.h"
#include "explore/version_order.h"

namespace stalemark {
namespace {

constexpr std::uint32_t bit_of(std::size_t i) { return std::uint32_t{1} << i; }

// Calls with the place of each bit, until it answers true; whether it did.
template <typename Call>
bool any_of(std::uint32_t set, const Call& call) {
    for (; set != 0; set &= set - 1) {
        if (call(static_cast<std::size_t>(std::countr_zero(set)))) return true;
    }
    return false;
}

bool is_answered_read(const ExploredOperation& operation, Key key) {
    return operation.step.key == key && !operation.step.changes() && operation.has_ended &&
           !operation.has_failed && operation.seen != nothing_returned;
}

class RegisterSearch {
public:
    RegisterSearch(const ExploredOutcome& outcome, Key key, std::uint32_t reads)
        : initial_(outcome.is_initially_absent ? some_absence : initial_value) {
        std::uint32_t binding = 0;  // What comes after one of these began after its end.
        for (std::size_t i = 0; i < outcome.operations.size(); ++i) {
            const ExploredOperation& operation = outcome.operations[i];
            const bool is_change = operation.step.key == key && operation.step.changes();
            if (is_change && operation.has_begun) {
                changes_ |= bit_of(i);
                if (operation.has_ended && !operation.has_failed) binding |= bit_of(i);
                const bool is_delete = operation.step.kind == ProgramStep::Kind::erase;
                if (is_delete) deletes_ |= bit_of(i);
                values_[i] = is_delete ? some_absence : value_of(i);
            } else if ((reads >> i & 1) != 0 && is_answered_read(operation, key)) {
                reads_ |= bit_of(i);
                values_[i] = state_of(outcome, operation.seen);
            }
        }
        binding |= reads_;
        for (std::size_t i = 0; i < outcome.operations.size(); ++i)
            first_[i] = outcome.operations[i].before & binding;
    }

    bool is_explained() { return go(0, initial_); }

private:
    // What a read that saw `value` found in the register.
    static ValueId state_of(const ExploredOutcome& outcome, ValueId value) {
        if (value == initial_value && outcome.is_initially_absent) return some_absence;
        if (value <= initial_value) return value;
        const ExploredOperation& made = outcome.operations[maker_of(value)];
        return made.step.kind == ProgramStep::Kind::erase ? some_absence : value;
    }

    // `done` have taken effect and left `state`.
    bool go(std::uint32_t done, ValueId state) {
        done |= reads_that_fit(done, state);
        const std::uint32_t left = reads_ & ~done;
        if (left == 0) return true;
        if (any_of(left, [&](std::size_t i) { return is_gone(values_[i], done, state); }))
            return false;
        const auto seen = static_cast<std::uint64_t>(state - some_absence) << 32 | done;
        if (!seen_.insert(seen).second) return false;
        const std::uint32_t wanted = changes_seen_by(left) & ~done;
        done |= that_can_follow(changes_ & ~wanted, done);
        return any_of(wanted, [&](std::size_t i) {
            return can_follow(i, done) && go(done | bit_of(i), values_[i]);
        });
    }

    // The changes that leave what one of these reads has found.
    std::uint32_t changes_seen_by(std::uint32_t reads) const {
        std::uint32_t seen = 0;
        any_of(reads, [&](std::size_t i) {
            if (values_[i] == some_absence) seen |= deletes_;
            if (values_[i] > initial_value) seen |= bit_of(maker_of(values_[i]));
            return false;
        });
        return seen & changes_;
    }

    // Those of the set that can take effect one after the other.
    std::uint32_t that_can_follow(std::uint32_t set, std::uint32_t done) const {
        std::uint32_t taken = 0;
        std::uint32_t before = 0;
        do {
            before = taken;
            any_of(set & ~(done | taken), [&](std::size_t i) {
                if (can_follow(i, done | taken)) taken |= bit_of(i);
                return false;
            });
        } while (taken != before);
        return taken;
    }

    std::uint32_t reads_that_fit(std::uint32_t done, ValueId state) const {
        std::uint32_t fit = 0;
        any_of(reads_ & ~done, [&](std::size_t i) {
            if (values_[i] == state) fit |= bit_of(i);
            return false;
        });
        return that_can_follow(fit, done);
    }

    bool can_follow(std::size_t i, std::uint32_t done) const {
        return (first_[i] & ~done) == 0;
    }

    // Whether the state was there and cannot come again.
    static bool is_gone(ValueId value, std::uint32_t done, ValueId state) {
        if (value == some_absence || value == state) return false;
        return value == initial_value || (done >> maker_of(value) & 1) != 0;
    }

    struct Mixed {
        std::size_t operator()(std::uint64_t word) const { return mix(word); }
    };

    ValueId initial_;
    std::uint32_t changes_ = 0;
    std::uint32_t deletes_ = 0;
    std::uint32_t reads_ = 0;
    std::array<ValueId, Program::operations_most> values_{};       // Made or seen.
    std::array<std::uint32_t, Program::operations_most> first_{};  // What must come before.
    std::unordered_set<std::uint64_t, Mixed> seen_;
};

std::uint32_t answered_reads(const ExploredOutcome& outcome, Key key) {
    std::uint32_t reads = 0;
    for (std::size_t i = 0; i < outcome.operations.size(); ++i) {
        if (is_answered_read(outcome.operations[i], key)) reads |= bit_of(i);
    }
    return reads;
}

}  // namespace

bool is_explained(const ExploredOutcome& outcome, Key key, std::uint32_t reads) {
    return RegisterSearch(outcome, key, reads).is_explained();
}

std::uint32_t unexplained_reads(const ExploredOutcome& outcome, Key key) {
    if (is_explained(outcome, key)) return 0;
    std::uint32_t reads = answered_reads(outcome, key);
    std::uint32_t found = 0;
    const auto is_found = [&](std::uint32_t some) {
        if (is_explained(outcome, key, some)) return false;
        found = some;
        return true;
    };
    if (any_of(reads, [&](std::size_t i) { return is_found(bit_of(i)); })) return found;
    const auto is_in_pair = [&](std::size_t i) {
        const std::uint32_t others = reads & ~((bit_of(i) << 1) - 1);
        return any_of(others, [&](std::size_t j) { return is_found(bit_of(i) | bit_of(j)); });
    };
    if (any_of(reads, is_in_pair)) return found;
    for (std::uint32_t left = reads; left != 0; left &= left - 1) {
        const std::uint32_t fewer = reads & ~(left & -left);
        if (!is_explained(outcome, key, fewer)) reads = fewer;
    }
    return reads;
}

}  // namespace stalemark
