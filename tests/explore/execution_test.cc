// SPDX-License-Identifier: Apache-2.0
// What is at rest at the end of a schedule, and whose each commit is.

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "explore/exploration.h"
#include "explore_setup.h"

namespace stalemark {
namespace {

constexpr auto permanent = ScheduleAnomaly::permanent_after_ttl;

Exploration of_dying_writer(std::string_view guard) {
    ExploredSetup setup = setup_of("cache_aside", "w | r", guard);
    setup.system.fleet.nodes = 2;
    setup.faults.crashes = 1;
    setup.is_warm = true;
    return explore(setup, {.has_witnesses = false});
}

TEST(Execution, LeavesACopyThatADeadWriterHasNotErased) {
    EXPECT_TRUE(of_dying_writer("none").has(permanent));
}

TEST(Execution, LetsTheQuarantineOfADeadWriterTakeItsCopyAlong) {
    const Exploration found = of_dying_writer("quarantine");
    EXPECT_TRUE(found.counts.is_exhaustive);
    EXPECT_FALSE(found.has(permanent));
    EXPECT_FALSE(found.has(ScheduleAnomaly::permanent));
}

// Nobody was told of the write, so that a read after it may still come before it.
TEST(Execution, TakesNoAcknowledgementFromADeadWriter) {
    EXPECT_FALSE(of_dying_writer("none").has(ScheduleAnomaly::linearizability));
    EXPECT_FALSE(of_dying_writer("quarantine").has(ScheduleAnomaly::linearizability));
}

// The reader of the log has read all by the time that a warm program begins, and goes on.
TEST(Execution, FollowsTheLogFromAWarmCacheAsFromAColdOne) {
    ExploredSetup setup = setup_of("cache_aside", "w");
    setup.system.fleet.events.emplace();
    setup.system.fleet.events->source = EventSource::log;
    setup.system.settings.invalidate = Invalidate::event;
    for (const bool is_warm : {false, true}) {
        setup.is_warm = is_warm;
        const Exploration found = explore(setup, {.has_witnesses = false});
        EXPECT_TRUE(found.counts.is_exhaustive);
        EXPECT_TRUE(found.found.empty()) << is_warm;
    }
}

// A client without room in the queue commits what others have queued.
std::vector<std::vector<ValueId>> commits_of_full_queue(std::string_view program,
                                                        WhenFull when_full) {
    ExploredSetup setup = setup_of("write_behind", program);
    setup.system.settings.queue_max = 1;
    setup.system.settings.when_full = when_full;
    std::vector<std::vector<ValueId>> all;
    ScheduleRuntime runtime;
    search_schedules(setup, runtime, {}, [&](const FoundSchedule& found) {
        for (std::size_t key = 0; key < found.outcome.committed.size(); ++key) {
            for (const ValueId value : found.outcome.committed[key]) {
                EXPECT_GT(value, initial_value);
                if (value <= initial_value) continue;
                const auto i = static_cast<std::size_t>(value - 1);
                EXPECT_EQ(index_of(found.outcome.operations[i].step.key), key);
            }
        }
        all.insert(all.end(), found.outcome.committed.begin(), found.outcome.committed.end());
        return true;
    });
    return all;
}

TEST(Execution, KnowsWhoseADeleteIsThatAnotherClientCommits) {
    EXPECT_FALSE(commits_of_full_queue("d | w2", WhenFull::caller_runs).empty());
    EXPECT_FALSE(commits_of_full_queue("d | d2 r", WhenFull::caller_runs).empty());
}

TEST(Execution, KnowsWhoseADeleteIsAmongOthersThatWaitForRoom) {
    EXPECT_FALSE(commits_of_full_queue("d | d2", WhenFull::block).empty());
}

}  // namespace
}  // namespace stalemark
