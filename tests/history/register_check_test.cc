// SPDX-License-Identifier: Apache-2.0
// The judge of one key against the definition, on histories small enough to try every order.

#include "history/register_check.h"

#include <gtest/gtest.h>

#include <string>

#include "history/brute_force.h"
#include "history/random_history.h"

namespace stalemark {
namespace {

const Name initial = Name::of_integer(0);

std::string text_of(const std::vector<HistoryOperation>& history) {
    std::string text;
    for (const HistoryOperation& operation : history) {
        text += operation.is_read() ? "read  " : "write ";
        text += operation.version.text() + " from " + std::to_string(operation.began) + " to " +
                (operation.is_unknown() ? "?" : std::to_string(operation.ended)) + "\n";
    }
    return text;
}

bool reads_only_what_is_written(const std::vector<HistoryOperation>& history) {
    return std::ranges::all_of(history, [&](const HistoryOperation& read) {
        if (!read.is_read() || read.version == initial) return true;
        return std::ranges::any_of(history, [&](const HistoryOperation& write) {
            return !write.is_read() && write.version == read.version &&
                   write.began <= read.ended;
        });
    });
}

// As it is defined: some write is of a version that the one that was read precedes, and
// precedes the read.
std::uint64_t stale_reads(const std::vector<HistoryOperation>& history) {
    std::uint64_t count = 0;
    for (const HistoryOperation& read : history) {
        if (!read.is_read()) continue;
        HistoryOperation seen = initial_state(0, initial);
        if (read.version != initial) {
            const auto found = std::ranges::find_if(history, [&](const HistoryOperation& one) {
                return !one.is_read() && one.version == read.version;
            });
            if (found == history.end()) continue;
            seen = *found;
        }
        count += std::ranges::any_of(history, [&](const HistoryOperation& write) {
            return !write.is_read() && seen.precedes(write) && write.precedes(read);
        });
    }
    return count;
}

// Whether the certificate shows two versions that must each come before the other.
bool shows_conflict(std::span<const HistoryOperation> proof) {
    for (const auto& a : proof) {
        for (const auto& b : proof) {
            if (a.version == b.version || !a.precedes(b)) continue;
            for (const auto& c : proof) {
                for (const auto& d : proof) {
                    const bool is_back = c.version == b.version && d.version == a.version;
                    if (is_back && c.precedes(d)) return true;
                }
            }
        }
    }
    return false;
}

void expect_proven(const Anomaly& anomaly) {
    const auto proof = anomaly.certificate();
    EXPECT_TRUE(proof.back().is_read());
    switch (anomaly.kind) {
        case AnomalyClass::stale_read:
            ASSERT_EQ(proof.size(), 3U);
            EXPECT_TRUE(proof[0].precedes(proof[1]));
            EXPECT_TRUE(proof[1].precedes(proof[2]));
            EXPECT_EQ(proof[0].version, proof[2].version);
            EXPECT_EQ(anomaly.extent, proof[2].began - proof[1].ended);
            break;
        case AnomalyClass::order:
            EXPECT_LE(proof.size(), 4U);
            EXPECT_TRUE(shows_conflict(proof));
            break;
        default:
            ADD_FAILURE();
    }
}

TEST(RegisterCheck, AgreesWithTheDefinitionOnRandomHistories) {
    Random random(1);
    std::uint64_t bad = 0;
    for (int i = 0; i < 100'000; ++i) {
        const auto history = random_history({}, random);
        const Findings findings = check_register(history, initial);
        const bool expected = is_linearizable(history, initial);
        ASSERT_EQ(findings.verdict(), expected ? HistoryVerdict::ok : HistoryVerdict::anomalies)
            << text_of(history);
        bad += !expected;
    }
    EXPECT_GT(bad, 25'000U);
    EXPECT_LT(bad, 75'000U);
}

TEST(RegisterCheck, CountsStaleReadsAsTheyAreDefinedAndProvesEachAnomaly) {
    Random random(2);
    std::uint64_t stale = 0;
    std::uint64_t order = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto history = random_history({}, random);
        const Findings findings = check_register(history, initial, 100);
        ASSERT_EQ(findings.count(AnomalyClass::stale_read), stale_reads(history))
            << text_of(history);
        for (const auto kind : {AnomalyClass::stale_read, AnomalyClass::order}) {
            const auto worst = findings.worst(kind);
            ASSERT_EQ(worst.size(), findings.count(kind));
            for (const Anomaly& anomaly : worst) expect_proven(anomaly);
        }
        ASSERT_FALSE(HasFailure()) << text_of(history);
        stale += findings.count(AnomalyClass::stale_read);
        order += findings.count(AnomalyClass::order);
    }
    EXPECT_GT(stale, 1'000U);
    EXPECT_GT(order, 1'000U);
}

TEST(RegisterCheck, WithErasesProvesWhatItSays) {
    Random random(3);
    std::uint64_t counts[3] = {};
    for (int i = 0; i < 100'000; ++i) {
        const auto history = random_history({.has_erases = true}, random);
        const HistoryVerdict verdict = check_register(history, initial).verdict();
        ++counts[static_cast<std::size_t>(verdict)];
        if (verdict == HistoryVerdict::unknown) continue;
        ASSERT_EQ(verdict == HistoryVerdict::ok, is_linearizable(history, initial))
            << text_of(history);
    }
    EXPECT_GT(counts[0], 20'000U);
    EXPECT_GT(counts[1], 20'000U);
    EXPECT_LT(counts[2], 5'000U);  // Few are undecided.
}

// Whether the history is linearizable once its reads begin earlier and its intervals are
// longer.
bool is_linearizable_when(std::vector<HistoryOperation> history, HistoryTime shift,
                          HistoryTime widening) {
    for (HistoryOperation& operation : history) {
        operation.began = 2 * operation.began - widening;
        if (!operation.is_unknown()) operation.ended = 2 * operation.ended + widening;
        if (operation.is_read()) operation.began -= 2 * shift;
    }
    return is_linearizable(history, initial);
}

TEST(RegisterCheck, DeltaAndGammaAreTheLeastThatHelp) {
    Random random(4);
    int checked = 0;
    for (int i = 0; i < 6'000; ++i) {
        const auto history = random_history({.operations_most = 9}, random);
        if (!reads_only_what_is_written(history)) continue;
        ++checked;
        const Spans spans = spans_of_register(history, initial);
        const HistoryTime gamma = spans.gamma.value_or(1'000);
        EXPECT_EQ(is_linearizable_when(history, 0, gamma), spans.gamma.has_value())
            << text_of(history);
        EXPECT_FALSE(gamma > 0 && is_linearizable_when(history, 0, gamma - 1))
            << text_of(history);
        const HistoryTime delta = spans.delta.value_or(1'000);
        EXPECT_EQ(is_linearizable_when(history, delta, 0), spans.delta.has_value())
            << text_of(history);
        EXPECT_FALSE(delta > 0 && is_linearizable_when(history, delta - 1, 0))
            << text_of(history);
        const Findings findings = check_register(history, initial);
        EXPECT_LE(findings.delta(), delta) << text_of(history);
        EXPECT_LE(findings.gamma(), gamma) << text_of(history);
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(checked, 2'000);
}

}  // namespace
}  // namespace stalemark
