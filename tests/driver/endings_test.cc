// SPDX-License-Identifier: Apache-2.0
// Operations that do not end well, in virtual time.

#include <gtest/gtest.h>

#include <stdexcept>

#include "driver/virtual_run.h"

namespace stalemark {
namespace {

// Every third read fails; of the writes one of four fails, without having been made, and one of
// four has no known outcome, half of those having been made. Each takes a millisecond.
class Shaky final : public Strategy {
public:
    using Strategy::Strategy;

    Result<Answer> read(Key key) override {
        runtime.sleep_for(milliseconds(1));
        if (++reads_ % 3 == 0) return std::unexpected(Trouble::failed);
        return Answer{store.get(key).value(), Outcome::bypass};
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        runtime.sleep_for(milliseconds(1));
        ++writes_;
        if (writes_ % 4 == 0) return std::unexpected(Trouble::failed);
        if (writes_ % 8 != 1) static_cast<void>(commit(key, bytes));
        if (writes_ % 4 == 1) return std::unexpected(Trouble::unknown);
        return {};
    }

private:
    int reads_ = 0;
    int writes_ = 0;
};

class Endings : public testing::Test {
protected:
    VirtualResult carry_out_shaky() {
        return run.carry_out([](const Parts& parts) { return std::make_unique<Shaky>(parts); });
    }

    VirtualRun run;
};

TEST_F(Endings, FailedReadsAreCountedAndNotJudged) {
    run.driving.operations = 300;
    const VirtualResult result = carry_out_shaky();
    EXPECT_EQ(result.reads().count, 300U);
    EXPECT_EQ(result.reads().failed(), 100U);
    EXPECT_EQ(result.reads().unknown(), 0U);
    EXPECT_EQ(result.reads().latency().count(), 200U);
    EXPECT_EQ(result.driven.consistency.reads_checked, 200U);
}

TEST_F(Endings, WritesThatFailedAndThoseOfUnknownOutcomeAreToldApart) {
    run.phase().mix = {.read = 0, .write = 0.5, .erase = 0.5};
    run.driving.operations = 400;
    const VirtualResult result = carry_out_shaky();
    const OperationRecord& erases = result.of(OperationKind::erase);
    EXPECT_EQ(result.writes().count + erases.count, 400U);
    EXPECT_EQ(result.writes().failed() + erases.failed(), 100U);
    EXPECT_EQ(result.writes().unknown() + erases.unknown(), 100U);
    EXPECT_EQ(result.writes().latency().count() + erases.latency().count(), 200U);
}

TEST_F(Endings, TroubleAloneMakesNothingStaleLostOrPhantom) {
    run.spec.keys = 3;
    run.phase().mix = {.read = 0.5, .write = 0.3, .erase = 0.2};
    run.driving.clients = 6;
    run.driving.operations = 3'000;
    const VirtualResult result = carry_out_shaky();
    const ConsistencyCounts& counts = result.driven.consistency;
    EXPECT_GT(counts.reads_checked, 500U);
    EXPECT_GT(counts.reads_of_open_writes, 0U);
    EXPECT_EQ(counts.stale_reads, 0U);
    EXPECT_EQ(counts.read_your_writes_violations, 0U);
    EXPECT_EQ(counts.monotonic_reads_violations, 0U);
    EXPECT_EQ(counts.phantom_reads, 0U);
    EXPECT_EQ(result.after_drain.store_lost, 0U);
    EXPECT_EQ(result.exposure_writes_max, 0U);
}

TEST_F(Endings, AReadModifyWriteWhoseReadFailsWritesNothing) {
    run.phase().mix = {.read = 0, .read_modify_write = 1};
    run.driving.operations = 3;
    const VirtualResult result = carry_out_shaky();
    EXPECT_EQ(result.of(OperationKind::read_modify_write).count, 3U);
    EXPECT_EQ(result.of(OperationKind::read_modify_write).failed(),
              1U);  // The third, by its read.
    EXPECT_EQ(result.of(OperationKind::read_modify_write).unknown(),
              1U);  // The first, by its write.
    const OperationRecord& record = result.of(OperationKind::read_modify_write);
    EXPECT_EQ(record.failed_latency.most(), milliseconds(1));
    EXPECT_EQ(record.unknown_latency.most(), milliseconds(2));  // Its read's among it.
    EXPECT_EQ(result.driven.elapsed, milliseconds(5));
}

TEST_F(Endings, ASlipOfATroubledOperationCountsAndItsResponseDoesNot) {
    run.phase().rate = 100;
    run.phase().arrival = Arrival::constant;
    run.driving.operations = 300;
    const VirtualResult result = carry_out_shaky();
    EXPECT_EQ(result.driven.recorder.slip().count(), 300U);
    EXPECT_EQ(result.reads().response.count(), 200U);
}

// Throws in the middle of the run, in the one client that comes to it.
class Exploding final : public Strategy {
public:
    using Strategy::Strategy;
    Result<Answer> read(Key key) override {
        runtime.sleep_for(milliseconds(1));
        if (++reads_ == 50) throw std::runtime_error("planted");
        return Answer{store.get(key).value(), Outcome::bypass};
    }
    Result<void> write(Key, const std::optional<Bytes>&) override { return {}; }

private:
    int reads_ = 0;
};

TEST_F(Endings, AnExceptionInAClientEndsTheRunAndIsHandedOn) {
    for (const std::uint32_t clients : {1U, 5U}) {
        VirtualRun one;
        one.driving.clients = clients;
        one.driving.operations = 500;
        try {
            one.carry_out(
                [](const Parts& parts) { return std::make_unique<Exploding>(parts); });
            ADD_FAILURE() << "the exception was lost";
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "planted");
        }
    }
}

}  // namespace
}  // namespace stalemark
