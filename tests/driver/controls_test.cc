// SPDX-License-Identifier: Apache-2.0
// Strategies whose figures are known beforehand: what is right must score exactly nothing, and
// what is planted must be found, all of it where it can be counted.

#include <gtest/gtest.h>

#include <map>

#include "core/words.h"
#include "driver/planted.h"
#include "driver/virtual_run.h"

namespace stalemark {
namespace {

// Many clients on few keys, over wires whose delays vary: whatever can race does.
void make_it_race(VirtualRun& run) {
    run.spec.keys = 5;
    run.phase().mix = {.read = 0.6, .write = 0.25, .erase = 0.05, .read_modify_write = 0.1};
    run.cache_wire.latency = latency("lognormal(200us,0.7)");
    run.store_wire.latency = latency("lognormal(1ms,0.7)");
    run.driving.clients = 12;
    run.driving.operations = 6'000;
}

class Control : public testing::Test {
protected:
    // One client on a cacheless path that takes no time: what happens is exactly known.
    void make_it_plain() {
        run.phase().mix = {.read = 0.5, .write = 0.5};
        run.driving.operations = 5'000;
    }

    VirtualRun run;
};

TEST_F(Control, NoCacheScoresNothingAtAll) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        VirtualRun one;
        make_it_race(one);
        one.store_wire.servers = 4;
        one.driving.seed = seed;
        const VirtualResult result = one.carry_out("no_cache");
        const ConsistencyCounts& counts = result.driven.consistency;
        EXPECT_GT(counts.reads_checked, 3'000U);
        EXPECT_EQ(counts.stale_reads, 0U);
        EXPECT_EQ(counts.read_your_writes_violations, 0U);
        EXPECT_EQ(counts.monotonic_reads_violations, 0U);
        EXPECT_EQ(counts.phantom_reads, 0U);
        EXPECT_EQ(counts.values_corrupt, 0U);
        EXPECT_EQ(result.after_drain.resident, 0U);
        EXPECT_EQ(result.after_drain.store_lost, 0U);
        EXPECT_EQ(result.exposure_writes_max, 0U);
    }
}

// What must hold of every strategy, however it races.
class EveryStrategy : public testing::TestWithParam<StrategyEntry> {
protected:
    VirtualResult race(std::uint64_t seed) {
        VirtualRun run;
        make_it_race(run);
        run.driving.seed = seed;
        run.settings.ttl_of = [](Key) { return milliseconds(30); };
        run.settings.flush_delay = milliseconds(5);
        const std::string_view takes = GetParam().invalidate;
        if (takes.starts_with("none")) run.settings.invalidate = Invalidate::none;
        if (takes.starts_with("set")) run.settings.invalidate = Invalidate::set;
        is_durable =
            GetParam().promise(run.settings, {.longest_ttl = milliseconds(30)}).durable;
        return run.carry_out(GetParam().name);
    }

    bool is_durable = true;
};

TEST_P(EveryStrategy, ViolatesNoMoreThanItsKindCan) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const VirtualResult result = race(seed);
        const ConsistencyCounts& counts = result.driven.consistency;
        EXPECT_GT(counts.read_your_writes_eligible, 2'000U);
        EXPECT_GT(counts.monotonic_reads_eligible, 2'000U);
        // Who misses his own write misses one acknowledged before the read began.
        EXPECT_LE(counts.read_your_writes_violations, counts.stale_reads);
        EXPECT_EQ(counts.phantom_reads, 0U);
        EXPECT_EQ(counts.values_corrupt, 0U);
        EXPECT_EQ(counts.reads_of_open_writes, 0U);
        EXPECT_EQ(result.after_drain.store_lost, 0U);
        EXPECT_EQ(result.after_drain.cache_ahead, 0U);
        if (is_durable) {
            EXPECT_EQ(result.exposure_writes_max, 0U);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Catalog, EveryStrategy, testing::ValuesIn(all_strategies()),
                         [](const auto& entry) { return std::string(entry.param.name); });

TEST_F(Control, AFillThatAWriteOvertookIsFoundInAllThatFillOnAMiss) {
    for (const auto* const strategy : {"cache_aside", "read_through"}) {
        VirtualRun one;
        make_it_race(one);
        const VirtualResult result = one.carry_out(strategy);
        EXPECT_GT(result.driven.consistency.stale_reads, 0U) << strategy;
        EXPECT_EQ(result.driven.consistency.stale_age.count(),
                  result.driven.consistency.stale_reads);
    }
}

// Two writers that reach the cache in the opposite order to the store are concurrent, so
// neither value is provably the older one; that the two tiers differ for good is seen all the
// same.
TEST_F(Control, WriteThroughIsLeftUnlikeItsStoreByWritersThatOvertookEachOther) {
    std::uint64_t differ = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        VirtualRun one;
        make_it_race(one);
        one.phase().mix = {.read = 0, .write = 1};
        one.cache_wire.latency = latency("lognormal(1ms,1.0)");
        one.driving.operations = 1'000;
        one.driving.seed = seed;
        const VirtualResult result = one.carry_out("write_through");
        EXPECT_EQ(result.after_drain.resident, 5U);
        EXPECT_EQ(result.after_drain.cache_stale, 0U);
        EXPECT_EQ(result.after_drain.store_lost, 0U);
        differ += result.after_drain.cache_other;
    }
    EXPECT_GT(differ, 0U);
}

TEST_F(Control, WriteThroughThatAlsoFillsIsLeftStale) {
    std::uint64_t left_stale = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        VirtualRun one;
        make_it_race(one);
        one.spec.keys = 20;
        one.phase().popularity.kind = Popularity::Kind::uniform;
        one.store_wire.latency = latency("lognormal(1ms,1.5)");
        one.driving.clients = 40;
        one.driving.operations = 200;  // The cache has been cold just now.
        one.driving.seed = seed;
        const VirtualResult result = one.carry_out("write_through");
        left_stale += result.after_drain.cache_stale;
    }
    EXPECT_GT(left_stale, 0U);
}

TEST_F(Control, WriteBehindExposesWhatItQueuesAndLosesNothingInTheEnd) {
    make_it_race(run);
    run.settings.flush_delay = seconds(10);
    run.phase().mix = {.read = 0.5, .write = 0.5};
    const VirtualResult result = run.carry_out("write_behind");
    EXPECT_EQ(result.exposure_writes_max,
              result.writes().count);  // None is stored before the end.
    EXPECT_EQ(result.at_stop.cache_ahead, 5U);
    EXPECT_EQ(result.at_stop.store_lost, 5U);
    EXPECT_EQ(result.after_drain.cache_ahead, 0U);
    EXPECT_EQ(result.after_drain.store_lost, 0U);
}

// By TTL alone an entry may be as old as its TTL and the way from the store into the cache.
TEST_F(Control, ByTtlAloneNothingIsOlderThanTheTtlAndItsOwnLoad) {
    for (const StrategyEntry& entry : all_strategies()) {
        if (!has_word(entry.invalidate, "none")) continue;
        VirtualRun one;
        make_it_race(one);
        one.cache_wire.latency = latency("uniform(100us,300us)");
        one.settings.ttl_of = [](Key) { return milliseconds(30); };
        one.settings.invalidate = Invalidate::none;
        one.bound = milliseconds(30);
        const VirtualResult result = one.carry_out(entry.name);
        const Histogram& age = result.driven.consistency.stale_age;
        ASSERT_GT(age.count(), 100U) << entry.name;
        EXPECT_GT(age.most(), milliseconds(25)) << entry.name;
        EXPECT_EQ(result.driven.consistency.contract_violations, 0U) << entry.name;
    }
}

TEST_F(Control, EveryKeyWhoseLastWriteWasForgottenIsLost) {
    make_it_plain();
    std::set<Key> forgotten;
    const VirtualResult result = run.carry_out([&](const Parts& parts) {
        return std::make_unique<ForgetfulStrategy>(parts, forgotten);
    });
    EXPECT_GT(forgotten.size(), 3U);
    EXPECT_EQ(result.after_drain.store_lost, forgotten.size());
    EXPECT_GT(result.driven.consistency.stale_reads, 0U);
    EXPECT_EQ(result.driven.consistency.read_your_writes_violations,
              result.driven.consistency.stale_reads);  // There is nobody else.
    EXPECT_GE(result.exposure_writes_max, forgotten.size());
}

TEST_F(Control, EveryGarbledValueAndUncausedAbsenceIsFound) {
    make_it_plain();
    GarblingStrategy::Counts planted;
    const VirtualResult result = run.carry_out(
        [&](const Parts& parts) { return std::make_unique<GarblingStrategy>(parts, planted); });
    EXPECT_GT(planted.corrupt, 100U);
    EXPECT_EQ(result.driven.consistency.values_corrupt, planted.corrupt);
    EXPECT_EQ(result.driven.consistency.phantom_reads, planted.absent);
    EXPECT_EQ(result.driven.consistency.stale_reads, 0U);
}

TEST_F(Control, EveryReadOfARefusedWriteIsFound) {
    make_it_plain();
    std::uint64_t phantoms = 0;
    const VirtualResult result = run.carry_out(
        [&](const Parts& parts) { return std::make_unique<HastyStrategy>(parts, phantoms); });
    EXPECT_GT(phantoms, 100U);
    EXPECT_EQ(result.driven.consistency.phantom_reads, phantoms);
    EXPECT_GT(result.after_drain.cache_ahead, 0U);
}

TEST_F(Control, ReadsThatGoBackInTimeAreFound) {
    make_it_plain();
    run.spec.keys = 5;
    const VirtualResult result = run.carry_out(
        [](const Parts& parts) { return std::make_unique<TwoFacedStrategy>(parts); });
    const ConsistencyCounts& counts = result.driven.consistency;
    EXPECT_GT(counts.monotonic_reads_violations, counts.reads_checked / 3);
    EXPECT_LE(counts.monotonic_reads_violations, counts.stale_reads);
    EXPECT_EQ(counts.read_your_writes_violations, counts.stale_reads);
}

// One client on a cache that is never invalidated: the operations themselves tell which reads
// are stale and how far behind.
TEST_F(Control, ACacheThatIsNeverInvalidatedScoresWhatItsOperationsAddUpTo) {
    make_it_plain();
    run.settings.invalidate = Invalidate::none;
    const VirtualResult result = run.carry_out("cache_aside");

    struct Row {
        std::optional<std::uint64_t> writes_when_cached;
        std::uint64_t writes = 0;
    };
    std::map<Key, Row> rows;
    std::uint64_t stale = 0;
    const auto source = open_source(run.spec, {.seed = run.driving.seed});
    for (std::uint64_t i = 0; i < *run.driving.operations; ++i) {
        const Operation operation = *source->next();
        Row& row = rows[operation.key];
        if (operation.kind == OperationKind::write) {
            ++row.writes;
            continue;
        }
        if (!row.writes_when_cached) row.writes_when_cached = row.writes;
        if (row.writes > *row.writes_when_cached) ++stale;
    }
    std::uint64_t left_stale = 0;
    for (const auto& [key, row] : rows) {
        if (row.writes_when_cached && row.writes > *row.writes_when_cached) ++left_stale;
    }
    EXPECT_GT(stale, 1'000U);
    EXPECT_EQ(result.driven.consistency.stale_reads, stale);
    EXPECT_EQ(result.driven.consistency.read_your_writes_violations, stale);
    EXPECT_EQ(result.after_drain.cache_stale, left_stale);
}

}  // namespace
}  // namespace stalemark
