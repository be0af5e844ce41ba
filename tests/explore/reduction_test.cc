// SPDX-License-Identifier: Apache-2.0
// Reduction leaves out schedules and no outcome: answers, order in real time, and what every
// tier holds at rest are the same with it and without.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "explore/schedule_search.h"
#include "explore_setup.h"

namespace stalemark {
namespace {

std::string text_of(const ExploredOutcome& outcome) {
    std::string text;
    for (const ExploredOperation& one : outcome.operations) {
        text += std::to_string(one.has_begun) + std::to_string(one.has_ended) +
                std::to_string(one.has_failed) + ":" + std::to_string(one.seen) + "/" +
                std::to_string(one.before) + " ";
    }
    for (const auto& key : outcome.committed) {
        for (const ValueId value : key) text += std::to_string(value) + ",";
        text += ";";
    }
    for (const CopyAtRest& copy : outcome.copies) {
        text += std::to_string(copy.node) + "k" + std::to_string(index_of(copy.key)) + "=" +
                std::to_string(copy.value) + (copy.is_for_ever ? "!" : "") + " ";
    }
    return text + std::to_string(outcome.stuck) + "+" + std::to_string(outcome.died);
}

std::set<std::string> outcomes(const ExploredSetup& setup, bool is_reduced) {
    std::set<std::string> all;
    ScheduleRuntime runtime;
    search_schedules(setup, runtime, {.is_reduced = is_reduced},
                     [&](const FoundSchedule& found) {
                         all.insert(text_of(found.outcome));
                         return true;
                     });
    return all;
}

struct Case {
    std::string name;
    ExploredSetup setup;
};

std::vector<Case> cases() {
    std::vector<Case> all;
    const auto add = [&](std::string name, std::string_view strategy, std::string_view program,
                         std::string_view guard = "none") -> ExploredSetup& {
        all.push_back({std::move(name), setup_of(strategy, program, guard)});
        return all.back().setup;
    };
    add("Aside", "cache_aside", "w r | w | r r");
    add("Through", "write_through", "w r | w | r r");
    add("AsideTwoKeys", "cache_aside", "w r2 | w2 | r r2");
    add("AsideDelete", "cache_aside", "d | w | r r");
    add("AsideAbsent", "cache_aside", "w | r r").are_rows_absent = true;
    add("AsideEviction", "cache_aside", "w | r r").faults.evictions = 1;
    add("ThroughWarm", "write_through", "w r | w | r").is_warm = true;
    add("Lease", "cache_aside", "w | r | r r", "lease");
    add("LeaseEviction", "cache_aside", "w | r | r", "lease").faults.evictions = 1;
    add("TwoKeysEviction", "cache_aside", "r | r2").faults.evictions = 1;
    add("LeaseExpiry", "cache_aside", "w | r | r", "lease").faults.limits = 1;
    add("Newer", "write_through", "w | w | r r", "newer");
    add("Tombstone", "cache_aside", "w | r | r", "tombstone").faults.evictions = 1;
    add("Lock", "write_through", "w r | w | r", "lock");
    add("LockAll", "write_through", "w | w | r", "lock_all");
    add("LockExpiry", "write_through", "w | w | r", "lock").faults.limits = 1;
    add("Quarantine", "cache_aside", "w | r | r", "quarantine");
    add("ReadThrough", "read_through", "w | r | r");
    add("WriteBehind", "write_behind", "w | r r");
    {
        ExploredSetup& crash = add("AsideCrash", "cache_aside", "w | w | r");
        crash.system.fleet.nodes = 3;
        crash.faults.crashes = 1;
    }
    {
        ExploredSetup& late = add("LateDelete", "cache_aside", "w | r | r");
        late.system.settings.late_delete = std::chrono::seconds(1);
    }
    {
        ExploredSetup& late = add("LateDeleteAwaited", "cache_aside", "w | r | r");
        late.system.settings.late_delete = std::chrono::seconds(1);
        late.system.settings.acknowledges_late = true;
    }
    {
        ExploredSetup& ttl = add("Ttl", "cache_aside", "w | r r");
        ttl.system.settings.ttl_of = [](Key) { return std::chrono::seconds(60); };
        ttl.faults.limits = 1;
    }
    {
        ExploredSetup& refresh = add("RefreshAhead", "refresh_ahead", "w | r r");
        refresh.system.settings.ttl_of = [](Key) { return std::chrono::seconds(60); };
        refresh.system.settings.shield.reloads = 1;
        refresh.is_warm = true;
    }
    {
        ExploredSetup& flight = add("Flight", "cache_aside", "r | r");
        flight.system.shield = &find_shield("lock");
    }
    {
        ExploredSetup& nodes = add("NearCaches", "cache_aside", "w | r r");
        nodes.system.fleet.nodes = 2;
        nodes.system.fleet.has_near = true;
        nodes.system.fleet.events.emplace();
        nodes.system.settings.invalidate = Invalidate::event;
    }
    add("Forgetting", "cache_aside", "r | w w2", "newer_remembered")
        .system.settings.guarding.remembered_keys = 1;
    {
        ExploredSetup& lost = add("NearCachesLoss", "cache_aside", "w | r r");
        lost.system.fleet.nodes = 2;
        lost.system.fleet.has_near = true;
        lost.system.fleet.events.emplace();
        lost.system.settings.invalidate = Invalidate::event;
        lost.faults.losses = 1;
    }
    {
        ExploredSetup& crash = add("NearCachesCrash", "write_around", "m | w");
        crash.system.fleet.nodes = 2;
        crash.system.fleet.has_near = true;
        crash.faults.crashes = 1;
    }
    {
        ExploredSetup& leases = add("NearLeases", "cache_aside", "r | r | r", "lease");
        leases.system.fleet.has_near = true;
    }
    {
        ExploredSetup& full = add("FullQueue", "write_behind", "d | w2");
        full.system.settings.queue_max = 1;
        full.system.settings.when_full = WhenFull::caller_runs;
    }
    {
        ExploredSetup& log = add("Log", "cache_aside", "w | r r");
        log.system.fleet.events.emplace();
        log.system.fleet.events->source = EventSource::log;
        log.system.settings.invalidate = Invalidate::event;
    }
    for (Case& one : all) prepare(one.setup);
    return all;
}

class Reduction : public testing::TestWithParam<Case> {};

TEST_P(Reduction, LeavesOutNoOutcome) {
    const auto all = outcomes(GetParam().setup, false);
    const auto reduced = outcomes(GetParam().setup, true);
    EXPECT_GT(all.size(), 1);
    EXPECT_EQ(reduced.size(), all.size());
    EXPECT_EQ(reduced, all);
}

INSTANTIATE_TEST_SUITE_P(Of, Reduction, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace stalemark
