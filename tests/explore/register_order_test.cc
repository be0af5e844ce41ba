// SPDX-License-Identifier: Apache-2.0
// The search for an order against the judge of histories, which works otherwise, and against
// the trial of all permutations.

#include "explore/register_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include "explore/played.h"
#include "history/random_history.h"
#include "history/register_check.h"

namespace stalemark {
namespace {

ValueId value_read(const std::vector<HistoryOperation>& history, Name version, Random& random) {
    if (version == Name::of_integer(0)) return initial_value;
    std::vector<ValueId> values;
    for (std::size_t i = 0; i < history.size(); ++i) {
        if (!history[i].is_read() && history[i].version == version)
            values.push_back(static_cast<ValueId>(i + 1));
    }
    // A delete that is named counts as any.
    if (version.is_absent() && random.below(2) == 0) return some_absence;
    return values[random.below(values.size())];
}

ExploredOutcome outcome_of(const std::vector<HistoryOperation>& history, Random& random) {
    ExploredOutcome outcome;
    outcome.committed.resize(1);
    for (const HistoryOperation& operation : history) {
        ExploredOperation one;
        one.has_begun = true;
        one.step.kind = operation.is_read()                        ? ProgramStep::Kind::read
                        : operation.action == HistoryAction::erase ? ProgramStep::Kind::erase
                                                                   : ProgramStep::Kind::write;
        // Without an end, or with trouble: whether it took effect is not known either way.
        one.has_failed = operation.is_unknown() && random.below(2) == 0;
        one.has_ended = !operation.is_unknown() || one.has_failed;
        if (operation.is_read()) one.seen = value_read(history, operation.version, random);
        for (std::size_t i = 0; i < history.size(); ++i) {
            if (history[i].precedes(operation)) one.before |= std::uint32_t{1} << i;
        }
        outcome.operations.push_back(one);
    }
    return outcome;
}

class Permutations {
public:
    explicit Permutations(const ExploredOutcome& outcome) : outcome_(outcome) {}

    // Whether one of the orders of one of the choices of what took effect is right.
    bool has_right_one() const {
        const std::size_t size = outcome_.operations.size();
        for (std::uint32_t chosen = 0; chosen < std::uint32_t{1} << size; ++chosen) {
            std::vector<std::size_t> order;
            bool is_whole = true;
            for (std::size_t i = 0; i < size; ++i) {
                const bool is_in = (chosen >> i & 1) != 0;
                if (is_in) order.push_back(i);
                is_whole = is_whole && (is_in || is_optional(i));
            }
            if (!is_whole) continue;
            do {
                if (is_right(order)) return true;
            } while (std::ranges::next_permutation(order).found);
        }
        return false;
    }

private:
    bool is_optional(std::size_t i) const {
        const ExploredOperation& one = outcome_.operations[i];
        return !one.has_ended || one.has_failed;
    }

    bool is_absence(ValueId value) const {
        if (value == initial_value) return outcome_.is_initially_absent;
        return value == some_absence ||
               outcome_.operations[static_cast<std::size_t>(value - 1)].step.kind ==
                   ProgramStep::Kind::erase;
    }

    bool is_right(const std::vector<std::size_t>& order) const {
        ValueId value = initial_value;
        for (std::size_t place = 0; place < order.size(); ++place) {
            const ExploredOperation& one = outcome_.operations[order[place]];
            for (std::size_t later = place + 1; later < order.size(); ++later) {
                const std::size_t i = order[later];
                if ((one.before >> i & 1) != 0 && !is_optional(i)) return false;
            }
            if (one.step.changes()) {
                value = static_cast<ValueId>(order[place] + 1);
            } else if (one.has_ended && !one.has_failed && one.seen != value &&
                       !(is_absence(one.seen) && is_absence(value))) {
                return false;
            }
        }
        return true;
    }

    const ExploredOutcome& outcome_;
};

TEST(RegisterOrder, AgreesWithTheJudgeOfHistories) {
    Random random(1);
    int bad = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto history = random_history({}, random);
        const bool is_ok =
            check_register(history, Name::of_integer(0)).verdict() == HistoryVerdict::ok;
        ASSERT_EQ(is_explained(outcome_of(history, random), Key{0}), is_ok) << i;
        bad += !is_ok;
    }
    EXPECT_GT(bad, 5'000);
    EXPECT_LT(bad, 15'000);
}

TEST(RegisterOrder, AgreesWithTheJudgeOfHistoriesWhereDeletesLeaveThatSure) {
    Random random(2);
    int counts[3] = {};
    for (int i = 0; i < 20'000; ++i) {
        const auto history = random_history({.has_erases = true}, random);
        const HistoryVerdict verdict = check_register(history, Name::of_integer(0)).verdict();
        ++counts[static_cast<std::size_t>(verdict)];
        const bool is_ok = is_explained(outcome_of(history, random), Key{0});
        if (verdict == HistoryVerdict::unknown) continue;
        ASSERT_EQ(is_ok, verdict == HistoryVerdict::ok) << i;
    }
    EXPECT_GT(counts[0], 4'000);
    EXPECT_GT(counts[1], 4'000);
}

TEST(RegisterOrder, AgreesWithTheTrialOfAllPermutations) {
    Random random(3);
    int bad = 0;
    int pairs = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto history =
            random_history({.operations_most = 6, .has_erases = i % 2 == 0}, random);
        ExploredOutcome outcome = outcome_of(history, random);
        outcome.is_initially_absent = i % 4 == 0;
        const bool is_ok = Permutations(outcome).has_right_one();
        ASSERT_EQ(is_explained(outcome, Key{0}), is_ok) << i;
        const std::uint32_t reads = unexplained_reads(outcome, Key{0});
        ASSERT_EQ(reads == 0, is_ok);
        bad += !is_ok;
        pairs += std::popcount(reads) == 2;
        if (is_ok) continue;
        ASSERT_FALSE(is_explained(outcome, Key{0}, reads));
        // Fewer do not show it.
        for (std::uint32_t left = reads; left != 0; left &= left - 1)
            ASSERT_TRUE(is_explained(outcome, Key{0}, reads & ~(left & -left)));
    }
    EXPECT_GT(bad, 2'000);
    EXPECT_LT(bad, 18'000);
    EXPECT_GT(pairs, 100);
}

TEST(RegisterOrder, TakesThirtyTwoOperations) {
    // Eight clients write and read what they wrote, four rounds at once: some order does it.
    std::string program = "w r w r";
    for (int i = 1; i < 8; ++i) program += " | w r w r";
    std::string play;
    for (int step = 1; step <= 4; ++step) {
        for (int client = 0; client < 8; ++client)
            play += " " + std::to_string(4 * client + step) + "(";
        for (int client = 0; client < 8; ++client) {
            const int own = 4 * client + step;
            play += " " + std::to_string(own) + ")";
            if (step % 2 == 0) play += "v" + std::to_string(step == 2 ? 5 : 31);
        }
    }
    EXPECT_TRUE(is_explained(played(program, play, {}), Key{0}));
    ExploredOutcome outcome = played(program, play, {});
    outcome.operations[31].seen = 5;
    EXPECT_EQ(unexplained_reads(outcome, Key{0}), std::uint32_t{1} << 31);
}

TEST(RegisterOrder, LeavesItOpenWhetherAnUnfinishedChangeTookEffect) {
    const std::string program = "w | r r r";
    for (const std::string play :
         {"1( 2( 2)v0 3( 3)v1 4( 4)v1", "1( 1)! 2( 2)v0 3( 3)v0 4( 4)v1",
          "1( 1)! 2( 2)v0 3( 3)v0 4( 4)v0", "1( 2( 2)v1 3( 3)v1 4("})
        EXPECT_TRUE(is_explained(played(program, play, {}), Key{0})) << play;
    for (const std::string play : {"1( 2( 2)v1 3( 3)v0", "1( 1)! 2( 2)v1 3( 3)v0",
                                   "1( 1) 2( 2)v0", "2( 2)v1 1( 1)", "2( 2)v1"})
        EXPECT_FALSE(is_explained(played(program, play, {}), Key{0})) << play;
}

TEST(RegisterOrder, TakesEachKeyByItself) {
    const auto outcome = played("w w2 | r2 r", "1( 1) 2( 2) 3( 3)v2 4( 4)v0", {});
    EXPECT_FALSE(is_explained(outcome, Key{0}));
    EXPECT_TRUE(is_explained(outcome, Key{1}));
}

}  // namespace
}  // namespace stalemark
