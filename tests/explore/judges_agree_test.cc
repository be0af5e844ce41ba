// SPDX-License-Identifier: Apache-2.0
// One outcome, three judges: whatever the oracle of runs calls a violation, exploration does,
// and the judge of histories agrees with it on linearizability.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "explore/exploration.h"
#include "explore/judge.h"
#include "explore_setup.h"
#include "history/register_check.h"
#include "measure/witness.h"

namespace stalemark {
namespace {

// A beginning or an end, in one order that the outcome allows: no end comes before it has to.
struct Moment {
    std::size_t operation;
    bool is_end;
};

std::vector<Moment> moments_of(const ExploredOutcome& outcome) {
    const auto& operations = outcome.operations;
    std::vector<std::size_t> begun;
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (operations[i].has_begun) begun.push_back(i);
    }
    std::ranges::sort(begun, {}, [&](std::size_t i) {
        return std::pair(std::popcount(operations[i].before), i);
    });
    std::vector<Moment> moments;
    std::uint32_t ended = 0;
    const auto end = [&](std::uint32_t which) {
        for (std::size_t i = 0; i < operations.size(); ++i) {
            if ((which & ~ended & (1U << i)) != 0 && operations[i].has_ended)
                moments.push_back({i, true});
        }
        ended |= which;
    };
    for (const std::size_t i : begun) {
        end(operations[i].before);
        moments.push_back({i, false});
    }
    end(~0U);
    return moments;
}

// As the witnesses of a run judge it, one for each client.
ConsistencyCounts judged_by_oracle(const ExploredOutcome& outcome, std::uint32_t clients) {
    Judges judges(1, 1, clients);
    judges.verifies = false;
    std::vector<Witness> witnesses;
    for (std::uint32_t client = 0; client < clients; ++client)
        witnesses.emplace_back(judges, client);
    std::vector<Header> headers(outcome.operations.size() + 1);
    headers[0] = {.session = Header::preloaded};
    std::vector<Oracle::Stamp> entitlements(outcome.operations.size());
    for (const Moment& moment : moments_of(outcome)) {
        const ExploredOperation& one = outcome.operations[moment.operation];
        Witness& witness = witnesses[one.step.client];
        Header& header = headers[moment.operation + 1];
        if (one.step.changes()) {
            if (!moment.is_end) header = witness.before_write(Key{0}, false);
            if (moment.is_end) witness.after_write(Key{0}, header, false, Instant{1});
        } else if (!moment.is_end) {
            entitlements[moment.operation] = witness.before_read(Key{0});
        } else {
            std::array<char, Header::size_bytes> bytes{};
            seal(Key{0}, headers[static_cast<std::size_t>(one.seen)], bytes);
            witness.after_read(Key{0}, entitlements[moment.operation], Instant{0},
                               std::string_view(bytes.data(), bytes.size()));
        }
    }
    ConsistencyCounts counts;
    for (const Witness& witness : witnesses) counts.merge(witness.counts());
    return counts;
}

bool is_linearizable_history(const ExploredOutcome& outcome) {
    std::vector<HistoryOperation> history(outcome.operations.size());
    HistoryTime now = 0;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const ExploredOperation& one = outcome.operations[i];
        history[i].client = one.step.client;
        history[i].action = one.step.changes() ? HistoryAction::write : HistoryAction::read;
        history[i].version =
            Name::of_integer(one.step.changes() ? static_cast<int>(i) + 1 : one.seen);
        history[i].ended = after_history;
    }
    for (const Moment& moment : moments_of(outcome)) {
        HistoryOperation& one = history[moment.operation];
        (moment.is_end ? one.ended : one.began) = ++now;
    }
    std::vector<HistoryOperation> known;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const ExploredOperation& one = outcome.operations[i];
        if (one.has_begun && (one.has_ended || one.step.changes())) known.push_back(history[i]);
    }
    std::ranges::sort(known, {}, &HistoryOperation::began);
    return check_register(known, Name::of_integer(0)).verdict() == HistoryVerdict::ok;
}

struct Seen {
    int outcomes = 0;
    int stale = 0;
    int own_writes = 0;
    int back = 0;
    int linearizable = 0;
};

void compare(const ExploredSetup& setup, Seen& seen) {
    ScheduleRuntime runtime;
    search_schedules(setup, runtime, {}, [&](const FoundSchedule& found) {
        const ExploredOutcome& outcome = found.outcome;
        const AnomalySet ours = judge(outcome);
        const ConsistencyCounts oracle = judged_by_oracle(outcome, setup.program.clients);
        const bool is_linearizable = is_linearizable_history(outcome);
        EXPECT_EQ(is_linearizable, !has(ours, ScheduleAnomaly::linearizability));
        const auto found_too = [&](std::uint64_t violations, ScheduleAnomaly of) {
            EXPECT_TRUE(violations == 0 || has(ours, of)) << violations;
        };
        found_too(oracle.stale_reads, ScheduleAnomaly::linearizability);
        found_too(oracle.read_your_writes_violations, ScheduleAnomaly::read_your_writes);
        found_too(oracle.monotonic_reads_violations, ScheduleAnomaly::monotonic_reads);
        ++seen.outcomes;
        seen.stale += oracle.stale_reads > 0;
        seen.own_writes += oracle.read_your_writes_violations > 0;
        seen.back += oracle.monotonic_reads_violations > 0;
        seen.linearizable += is_linearizable;
        return !testing::Test::HasFailure();
    });
}

TEST(Judges, AgreeOnOutcomesOfTheUsualProgram) {
    Seen seen;
    for (const char* const strategy : {"cache_aside", "write_through", "read_through"})
        compare(setup_of(strategy, "w r | w | r r"), seen);
    compare(setup_of("write_behind", "w r | r r"), seen);
    compare(setup_of("write_around", "w r | w | r r"), seen);
    compare(setup_of("cache_aside", "w | w | r r", "lease"), seen);
    EXPECT_GT(seen.outcomes, 5'000);
    EXPECT_GT(seen.stale, 100);
    EXPECT_GT(seen.own_writes, 50);
    EXPECT_GT(seen.back, 5);
    EXPECT_GT(seen.linearizable, 1'000);
}

TEST(Judges, AgreeWhereNodesDie) {
    Seen seen;
    for (const char* const strategy : {"cache_aside", "write_through", "write_behind"}) {
        ExploredSetup setup = setup_of(strategy, "w r | r r");
        setup.system.fleet.nodes = 2;
        setup.faults.crashes = 1;
        compare(setup, seen);
    }
    EXPECT_GT(seen.outcomes, 500);
    EXPECT_GT(seen.stale, 10);
}

}  // namespace
}  // namespace stalemark
