// SPDX-License-Identifier: Apache-2.0
// Clients that send their next operation when the last one is done, in virtual time.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "driver/virtual_run.h"

namespace stalemark {
namespace {

constexpr Mix half_and_half{.read = 0.5, .write = 0.5};

class ClosedLoop : public testing::Test {
protected:
    VirtualRun run;
};

TEST_F(ClosedLoop, EachClientSendsItsNextOperationWhenTheLastIsDone) {
    run.store_wire.latency = latency("10ms");
    run.driving.clients = 4;
    run.driving.duration = seconds(1);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 400U);
    EXPECT_EQ(result.reads().latency().least(), milliseconds(10));
    EXPECT_EQ(result.reads().latency().most(), milliseconds(10));
    EXPECT_EQ(result.driven.elapsed, seconds(1));
    EXPECT_TRUE(result.driven.is_complete);
    EXPECT_FALSE(result.driven.is_open_loop);
}

TEST_F(ClosedLoop, AnOperationUnderWayWhenTheTimeIsOverIsAwaitedAndCounted) {
    run.store_wire.latency = latency("7ms");
    run.driving.duration = milliseconds(10);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.reads().count, 2U);
    EXPECT_EQ(result.driven.elapsed, milliseconds(14));
}

TEST_F(ClosedLoop, TheOperationsAreDealtOverTheClientsToTheLast) {
    run.phase().mix = {.read = 0, .write = 1};
    run.driving.clients = 10;
    run.driving.operations = 103;
    std::array<int, 10> writes{};
    const auto count_writers = [&](Store& store) {
        class Counting final : public Store {
        public:
            Counting(Store& inner, std::array<int, 10>& writes)
                : inner_(inner), writes_(writes) {}
            Result<Row> get(Key key) override { return inner_.get(key); }
            Result<Version> put(Key key, const Bytes& bytes) override {
                const std::uint32_t session = peek_header(bytes.view()).session;
                if (session < writes_.size()) ++writes_[session];
                return inner_.put(key, bytes);
            }
            Result<Version> erase(Key key) override { return inner_.erase(key); }
            Result<void> write(std::span<const Change> changes) override {
                return inner_.write(changes);
            }

        private:
            Store& inner_;
            std::array<int, 10>& writes_;
        };
        return std::make_unique<Counting>(store, writes);
    };
    run.wrap_store(count_writers);
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.writes().count, 103U);
    std::ranges::sort(writes);
    EXPECT_EQ(writes, (std::array{10, 10, 10, 10, 10, 10, 10, 11, 11, 11}));
}

TEST_F(ClosedLoop, FewerOperationsThanClientsAreAllSent) {
    run.driving.clients = 10;
    run.driving.operations = 3;
    EXPECT_EQ(run.carry_out("no_cache").reads().count, 3U);
}

TEST_F(ClosedLoop, WhicheverOfDurationAndOperationsComesFirstEndsTheRun) {
    run.store_wire.latency = latency("10ms");
    run.driving.duration = seconds(1);
    run.driving.operations = 20;
    EXPECT_EQ(run.carry_out("no_cache").reads().count, 20U);

    VirtualRun other;
    other.store_wire.latency = latency("10ms");
    other.driving.duration = seconds(1);
    other.driving.operations = 2'000;
    EXPECT_EQ(other.carry_out("no_cache").reads().count, 100U);
}

TEST_F(ClosedLoop, OutcomesAndLatenciesAreThoseOfTheTiers) {
    run.spec.keys = 10;
    run.cache_wire.latency = latency("1ms");
    run.store_wire.latency = latency("10ms");
    run.driving.operations = 500;
    const VirtualResult result = run.carry_out("cache_aside");
    const auto& hits = result.reads().by_outcome[static_cast<std::size_t>(Outcome::hit)];
    const auto& misses = result.reads().by_outcome[static_cast<std::size_t>(Outcome::miss)];
    EXPECT_EQ(misses.count(), result.store.reads);
    EXPECT_EQ(hits.count(), result.cache.hits);
    EXPECT_EQ(hits.count() + misses.count(), 500U);
    EXPECT_EQ(hits.most(), milliseconds(1));
    EXPECT_EQ(misses.least(), milliseconds(12));  // Look up, load, fill.
}

TEST_F(ClosedLoop, AReadModifyWriteReadsThenWritesAndIsTimedAsOne) {
    run.phase().mix = {.read = 0, .read_modify_write = 1};
    run.store_wire.latency = latency("10ms");
    run.driving.operations = 50;
    const VirtualResult result = run.carry_out("no_cache");
    EXPECT_EQ(result.of(OperationKind::read_modify_write).count, 50U);
    EXPECT_EQ(result.of(OperationKind::read_modify_write).latency().least(), milliseconds(20));
    EXPECT_EQ(result.store.reads, 50U);
    EXPECT_EQ(result.store.writes, 50U);
    EXPECT_EQ(result.reads().count, 0U);
    EXPECT_EQ(result.driven.consistency.reads_checked, 50U);
}

TEST_F(ClosedLoop, DeletesDeleteAndReadsOfDeletedKeysFindNothing) {
    run.spec.keys = 5;
    run.phase().mix = {.read = 0.5, .write = 0, .erase = 0.5};
    run.driving.operations = 1'000;
    const VirtualResult result = run.carry_out("no_cache");
    const std::uint64_t deletes = result.of(OperationKind::erase).count;
    EXPECT_EQ(deletes, result.store.deletes);
    EXPECT_EQ(deletes + result.reads().count, 1'000U);
    EXPECT_GT(deletes, 400U);
    EXPECT_GT(result.reads().absent, 400U);
    EXPECT_LT(result.reads().absent, result.reads().count);
    EXPECT_EQ(result.driven.consistency.phantom_reads, 0U);
}

TEST_F(ClosedLoop, TheTimelineSumsToTheTotals) {
    run.phase().mix = half_and_half;
    run.spec.keys = 3;
    run.cache_wire.latency = latency("uniform(1ms,3ms)");
    run.store_wire.latency = latency("uniform(1ms,9ms)");
    run.driving.clients = 8;
    run.driving.duration = seconds(5);
    run.driving.interval = milliseconds(300);
    std::vector<Duration> marks;
    run.hooks.on_mark = [&](Duration at) { marks.push_back(at); };
    const VirtualResult result = run.carry_out("cache_aside");
    Interval sum;
    for (const Interval& part : result.driven.recorder.timeline()) sum.merge(part);
    EXPECT_EQ(result.driven.recorder.timeline().size(), 17U);
    EXPECT_EQ(sum.operations, result.driven.recorder.ended());
    EXPECT_EQ(sum.stale_reads, result.driven.consistency.stale_reads);
    EXPECT_EQ(sum.hits, result.cache.hits);
    EXPECT_GT(sum.stale_reads, 0U);
    EXPECT_GE(marks.size(), 17U);
    EXPECT_TRUE(std::ranges::is_sorted(marks));
}

TEST_F(ClosedLoop, IsToldOfTheEndOfEveryIntervalWhenItComes) {
    run.phase().duration = milliseconds(369);  // The third mark is the start of the second.
    run.spec.phases.push_back({.name = "second"});
    run.store_wire.latency = latency("3ms");
    run.driving.duration = milliseconds(123 * 7);
    run.driving.interval = milliseconds(123);
    std::vector<Duration> marks;
    run.hooks.on_mark = [&](Duration at) {
        if (at % run.driving.interval == Duration{0}) marks.push_back(at);
    };
    run.carry_out("no_cache");
    ASSERT_EQ(marks.size(), 7U);
    Duration expected{0};
    for (const Duration mark : marks) EXPECT_EQ(mark, expected += milliseconds(123));
}

TEST_F(ClosedLoop, TellsHowManyOperationsWereSentByThen) {
    run.store_wire.latency = latency("7ms");
    run.driving.clients = 3;
    run.driving.duration = seconds(1);
    std::vector<std::pair<Duration, std::uint64_t>> told;
    run.hooks.on_progress = [&](Duration at, const std::function<std::uint64_t()>& sent) {
        told.emplace_back(at, sent());
    };
    run.carry_out("no_cache");
    ASSERT_GE(told.size(), 19U);
    for (const auto& [at, sent] : told) {
        const auto rounds = static_cast<std::uint64_t>(at / milliseconds(7));
        EXPECT_LE(sent, 3 * rounds);
        EXPECT_GE(sent + 3, 3 * rounds);  // Those that end just then.
    }
}

// Notes what is asked of a strategy of the catalogue.
class Recording final : public Strategy {
public:
    using Asked = std::tuple<Key, bool, std::size_t>;  // Key, whether a write, bytes.

    Recording(const Parts& parts, const StrategyEntry& entry, std::vector<Asked>& asked)
        : Strategy(parts), strategy_(entry.make(parts)), asked_(asked) {}

    Result<Answer> read(Key key) override {
        asked_.emplace_back(key, false, 0);
        return strategy_->read(key);
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        asked_.emplace_back(key, true, bytes ? bytes->size() : 0);
        return strategy_->write(key, bytes);
    }
    void finish() override { strategy_->drain(); }

private:
    std::unique_ptr<Strategy> strategy_;
    std::vector<Asked>& asked_;
};

std::vector<Recording::Asked> asked_of(const StrategyEntry& entry, std::uint32_t clients,
                                       std::uint64_t seed) {
    VirtualRun run;
    run.spec.value_size = latency("uniform(20ns,90ns)");  // Bytes, for once.
    run.phase().mix = {.read = 0.6, .write = 0.3, .erase = 0.1};
    run.store_wire.latency = latency("uniform(1ms,9ms)");
    run.settings.ttl_of = [](Key) { return milliseconds(50); };
    run.driving.clients = clients;
    run.driving.operations = 600;
    run.driving.seed = seed;
    std::vector<Recording::Asked> asked;
    run.carry_out(
        [&](const Parts& parts) { return std::make_unique<Recording>(parts, entry, asked); });
    return asked;
}

TEST_F(ClosedLoop, EveryStrategyIsAskedTheSameInTheSameOrder) {
    const auto expected = asked_of(find_strategy("no_cache"), 1, 7);
    EXPECT_EQ(expected.size(), 600U);
    EXPECT_NE(asked_of(find_strategy("no_cache"), 1, 8), expected);
    for (const StrategyEntry& entry : all_strategies()) {
        EXPECT_EQ(asked_of(entry, 1, 7), expected) << entry.name;
    }
}

TEST_F(ClosedLoop, ManyClientsAskEveryStrategyTheSameInWhateverOrder) {
    const auto sorted = [](std::vector<Recording::Asked> asked) {
        std::ranges::sort(asked);
        return asked;
    };
    const auto expected = sorted(asked_of(find_strategy("no_cache"), 7, 7));
    for (const StrategyEntry& entry : all_strategies()) {
        EXPECT_EQ(sorted(asked_of(entry, 7, 7)), expected) << entry.name;
    }
}

// All that a virtual run shows, as text.
std::string trace_of(std::string_view strategy, std::uint64_t seed) {
    VirtualRun run;
    run.spec.keys = 20;
    run.phase().mix = half_and_half;
    run.cache_wire.latency = latency("lognormal(200us,0.5)");
    run.store_wire = {.latency = latency("lognormal(1ms,0.7)"), .servers = 2};
    run.settings.ttl_of = [](Key) { return milliseconds(20); };
    run.settings.invalidate = Invalidate::set;
    run.driving.clients = 5;
    run.driving.operations = 2'000;
    run.driving.seed = seed;
    const VirtualResult result = run.carry_out(strategy);
    std::string trace = std::to_string(result.driven.elapsed.count());
    for (const OperationRecord& record : result.driven.recorder.kinds()) {
        for (const Histogram& histogram : record.by_outcome) trace += " | " + histogram.text();
    }
    for (const std::uint64_t figure :
         {result.driven.consistency.stale_reads, result.store.reads,
          result.store.redundant_reads, result.store.writes, result.cache.hits,
          result.cache.expirations, result.after_drain.cache_other}) {
        trace += " " + std::to_string(figure);
    }
    return trace;
}

TEST_F(ClosedLoop, AVirtualRunIsAFunctionOfItsSeed) {
    for (const StrategyEntry& entry : all_strategies()) {
        const std::string trace = trace_of(entry.name, 3);
        EXPECT_EQ(trace_of(entry.name, 3), trace) << entry.name;
        EXPECT_NE(trace_of(entry.name, 4), trace) << entry.name;
    }
}

}  // namespace
}  // namespace stalemark
