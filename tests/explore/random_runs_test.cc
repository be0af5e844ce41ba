// SPDX-License-Identifier: Apache-2.0
// The judge on random runs of a register: it finds nothing in them, and has a sentence for all
// it finds once answers and commits are disturbed.

#include <gtest/gtest.h>

#include <array>

#include "core/random.h"
#include "explore/judge.h"
#include "explore/played.h"

namespace stalemark {
namespace {

using enum ScheduleAnomaly;

// A store without caches: operations begin, take effect at once and end, each at a random time.
ExploredOutcome random_run_of_one_register(Random& random) {
    const Program program = read_program("w r m | d r w | r r w");
    ExploredOutcome outcome;
    for (const ProgramStep& step : program.operations)
        outcome.operations.push_back({.step = step});
    outcome.committed.resize(1);
    outcome.is_initially_absent = random.below(2) == 0;
    std::vector<std::size_t> next = {0, 4, 7};
    const std::vector<std::size_t> end = {4, 7, 10};
    std::vector<int> phase(3, 0);
    std::uint32_t returned = 0;
    while (next != end) {
        const std::size_t client = random.below(3);
        const std::size_t i = next[client];
        if (i == end[client]) continue;
        ExploredOperation& one = outcome.operations[i];
        if (phase[client] == 0) {
            one.has_begun = true;
            one.before = returned;
        } else if (phase[client] == 1) {
            if (one.step.changes()) {
                outcome.committed[0].push_back(static_cast<ValueId>(i + 1));
            } else {
                one.seen = outcome.at_rest(Key{0});
                const bool is_absence =
                    one.seen == 5 || (one.seen == 0 && outcome.is_initially_absent);
                if (is_absence && random.below(2) == 0) one.seen = some_absence;
            }
        } else {
            one.has_ended = true;
            returned |= std::uint32_t{1} << i;
            ++next[client];
        }
        phase[client] = (phase[client] + 1) % 3;
    }
    outcome.copies.push_back({.value = outcome.at_rest(Key{0}), .is_for_ever = true});
    return outcome;
}

TEST(Judge, FindsNothingInARegister) {
    Random random(1);
    for (int i = 0; i < 20'000; ++i)
        ASSERT_EQ(judge(random_run_of_one_register(random)), 0) << i;
}

TEST(Judge, HasASentenceForWhateverItFinds) {
    Random random(2);
    std::array<int, schedule_anomalies> counts = {};
    const std::vector<ValueId> values = {initial_value, 1, 4, 5, 7, 10, some_absence};
    for (int i = 0; i < 20'000; ++i) {
        ExploredOutcome outcome = random_run_of_one_register(random);
        for (ExploredOperation& one : outcome.operations) {
            if (!one.step.changes() && random.below(4) == 0)
                one.seen = values[random.below(values.size())];
        }
        auto& made = outcome.committed[0];
        if (random.below(2) == 0) made.resize(random.below(made.size() + 1));
        outcome.stuck = random.below(8) == 0 ? 4 : 0;
        outcome.copies[0].is_for_ever = random.below(2) == 0;
        const AnomalySet found = judge(outcome);
        for (std::size_t of = 0; of < schedule_anomalies; ++of) {
            const auto one = static_cast<ScheduleAnomaly>(of);
            ASSERT_EQ(sentence_of(outcome, one).empty(), !has(found, one));
            counts[of] += has(found, one);
        }
        ASSERT_TRUE(!has(found, permanent_after_ttl) || has(found, permanent));
    }
    for (std::size_t of = 0; of < schedule_anomalies; ++of) {
        if (static_cast<ScheduleAnomaly>(of) != lost_update) {
            EXPECT_GT(counts[of], 100) << of;
        }
    }
}

}  // namespace
}  // namespace stalemark
