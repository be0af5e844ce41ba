// SPDX-License-Identifier: Apache-2.0
#include "measure/recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/answer.h"

namespace stalemark {
namespace {

constexpr std::size_t read = 0;
constexpr std::size_t write = 1;
constexpr std::size_t hit = 0;
constexpr std::size_t miss = 1;

class RecorderTest : public testing::Test {
protected:
    // An operation that ended at `ended` and took ten nanoseconds.
    static Sample done(std::size_t kind, std::size_t outcome, int ended) {
        return {.ended = Instant(ended),
                .latency = Duration(10),
                .kind = static_cast<std::uint8_t>(kind),
                .outcome = static_cast<Outcome>(outcome)};
    }
    static Sample troubled(std::size_t kind, Ending ending, int ended, int latency = 10) {
        Sample sample = done(kind, hit, ended);
        sample.latency = Duration(latency);
        sample.ending = ending;
        return sample;
    }
    // Of an open loop, sent by a client that was busy when it came due.
    static Sample late(std::size_t kind, int ended, int slip) {
        Sample sample = done(kind, hit, ended);
        sample.is_open_loop = true;
        sample.lateness.slip = Duration(slip);
        return sample;
    }
    void add(std::size_t kind, std::size_t outcome, int ended) {
        recorder.add(done(kind, outcome, ended));
    }

    Recorder recorder{2, 2, Instant(1'000), Duration(100)};
};

TEST_F(RecorderTest, CountsByKindAndOutcome) {
    add(read, hit, 1'020);
    add(read, hit, 1'030);
    add(read, miss, 1'040);
    add(write, miss, 1'050);
    recorder.finish(Instant(1'060));
    EXPECT_EQ(recorder.kinds()[read].count, 3U);
    EXPECT_EQ(recorder.kinds()[read].by_outcome[hit].count(), 2U);
    EXPECT_EQ(recorder.kinds()[read].by_outcome[miss].count(), 1U);
    EXPECT_EQ(recorder.kinds()[write].count, 1U);
    EXPECT_EQ(recorder.kinds()[read].latency().count(), 3U);
    EXPECT_EQ(recorder.kinds()[read].latency().most(), Duration(10));
    EXPECT_EQ(recorder.ended(), 4U);
}

TEST_F(RecorderTest, AnOperationBelongsToTheIntervalInWhichItEnded) {
    for (const int ended : {1'010, 1'099, 1'100, 1'350}) add(read, hit, ended);
    recorder.finish(Instant(1'420));
    ASSERT_EQ(recorder.timeline().size(), 5U);
    const std::vector<std::uint64_t> expected = {2, 1, 0, 1, 0};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(recorder.timeline()[i].operations, expected[i]) << i;
        EXPECT_EQ(recorder.timeline()[i].latency.count(), expected[i]) << i;
    }
}

TEST_F(RecorderTest, WhatIsToldOfAnOperationGoesIntoItsInterval) {
    add(read, hit, 1'050);
    Sample stale = done(read, hit, 1'250);
    stale.is_stale = true;
    stale.is_absent = true;
    recorder.add(stale);
    recorder.add(troubled(write, Ending::failed, 1'350));
    recorder.finish(Instant(1'360));
    ASSERT_EQ(recorder.timeline().size(), 4U);
    EXPECT_EQ(recorder.timeline()[0].stale_reads, 0U);
    EXPECT_EQ(recorder.timeline()[2].stale_reads, 1U);
    EXPECT_EQ(recorder.timeline()[2].operations, 1U);
    EXPECT_EQ(recorder.timeline()[3].operations, 1U);
    EXPECT_EQ(recorder.kinds()[read].absent, 1U);
}

TEST_F(RecorderTest, OnlyTheFirstOutcomeIsAHit) {
    add(read, hit, 1'010);
    add(read, miss, 1'020);
    add(write, miss, 1'030);
    recorder.finish(Instant(1'040));
    EXPECT_EQ(recorder.timeline()[0].hits, 1U);
}

TEST_F(RecorderTest, AStaleHitIsCountedApart) {
    Recorder all(1, outcomes, Instant(1'000), Duration(100));
    constexpr auto stale_hit = static_cast<std::size_t>(Outcome::stale_hit);
    all.add(done(read, stale_hit, 1'010));
    all.add(done(read, hit, 1'020));
    all.add(done(read, stale_hit, 1'110));
    all.finish(Instant(1'120));
    EXPECT_EQ(all.timeline()[0].hits, 1U);
    EXPECT_EQ(all.timeline()[0].stale_hits, 1U);
    EXPECT_EQ(all.timeline()[1].hits, 0U);
    EXPECT_EQ(all.timeline()[1].stale_hits, 1U);
    Recorder sum(1, outcomes, Instant(1'000), Duration(100));
    sum.merge(all);
    sum.merge(all);
    EXPECT_EQ(sum.timeline()[1].stale_hits, 2U);
}

TEST_F(RecorderTest, WhatDidNotSucceedHasCountsAndLatenciesOfItsOwn) {
    recorder.add(troubled(read, Ending::failed, 1'010, 20));
    recorder.add(troubled(read, Ending::unknown, 1'020, 30));
    recorder.add(troubled(read, Ending::unknown, 1'030, 40));
    add(read, miss, 1'035);
    recorder.finish(Instant(1'040));
    const OperationRecord& reads = recorder.kinds()[read];
    EXPECT_EQ(reads.count, 4U);
    EXPECT_EQ(reads.failed(), 1U);
    EXPECT_EQ(reads.unknown(), 2U);
    EXPECT_EQ(reads.done(), 1U);
    EXPECT_EQ(reads.latency().count(), 1U);
    EXPECT_EQ(reads.failed_latency.most(), Duration(20));
    EXPECT_EQ(reads.unknown_latency.least(), Duration(30));
    EXPECT_EQ(recorder.timeline()[0].operations, 4U);
    EXPECT_EQ(recorder.timeline()[0].latency.count(), 1U);
    EXPECT_EQ(recorder.ended(), 4U);
    EXPECT_EQ(recorder.done(), 1U);
}

// Clients bring their samples by the batch: what ended later may come first.
TEST_F(RecorderTest, TheOrderOfSamplesMakesNoDifference) {
    Recorder other(2, 2, Instant(1'000), Duration(100));
    std::vector<Sample> samples;
    for (int i = 0; i < 2'000; ++i) {
        samples.push_back(i % 7 == 0 ? troubled(write, Ending::failed, 1'000 + i)
                                     : late(read, 1'000 + 53 * i, i % 90));
    }
    for (const Sample& sample : samples) recorder.add(sample);
    std::ranges::reverse(samples);
    for (const Sample& sample : samples) other.add(sample);
    ASSERT_EQ(recorder.interval(), other.interval());
    ASSERT_EQ(recorder.timeline().size(), other.timeline().size());
    for (std::size_t i = 0; i < recorder.timeline().size(); ++i) {
        EXPECT_EQ(recorder.timeline()[i].operations, other.timeline()[i].operations);
        EXPECT_EQ(recorder.timeline()[i].response.text(), other.timeline()[i].response.text());
    }
    EXPECT_EQ(recorder.slip().text(), other.slip().text());
}

TEST_F(RecorderTest, ABatchHandsOverEverySampleOnce) {
    SharedRecorder shared(Recorder(2, 2, Instant(1'000), Duration(100)));
    SampleBatch batch;
    for (int i = 0; i < 200; ++i) {
        batch.next() = done(read, hit, 1'001 + i);
        batch.added(shared);
    }
    EXPECT_LT(shared.recorder().ended(), 200U) << "some are still in the batch";
    batch.hand_over(shared);
    batch.hand_over(shared);
    EXPECT_EQ(shared.recorder().ended(), 200U);
}

TEST_F(RecorderTest, TheIntervalsOfAllClientsSumToTheTotals) {
    Recorder other(2, 2, Instant(1'000), Duration(100));
    for (int i = 0; i < 500; ++i) {
        add(i % 3 == 0 ? write : read, i % 3 == 0 || i % 5 == 0 ? miss : hit, 1'010 + 7 * i);
        other.add(done(read, hit, 1'000 + 3 * i));
    }
    Sample stale = done(read, hit, 1'500);
    stale.is_stale = true;
    for (int i = 0; i < 125; ++i) recorder.add(stale);
    other.add(troubled(write, Ending::unknown, 2'600));
    const Instant ended(4'600);
    recorder.finish(ended);
    other.finish(ended);
    Recorder all(2, 2, Instant(1'000), Duration(100));
    all.merge(recorder);
    all.merge(other);

    Interval sum;
    for (const Interval& part : all.timeline()) sum.merge(part);
    Histogram latency = all.kinds()[read].latency();
    latency.merge(all.kinds()[write].latency());
    EXPECT_EQ(all.timeline().size(), 37U);
    EXPECT_EQ(all.ended(), 1'126U);
    EXPECT_EQ(sum.operations, 1'126U);
    EXPECT_EQ(sum.stale_reads, 125U);
    EXPECT_EQ(sum.hits, all.kinds()[read].by_outcome[hit].count());
    EXPECT_EQ(sum.latency.text(), latency.text());
    EXPECT_EQ(all.kinds()[write].unknown(), 1U);
}

TEST_F(RecorderTest, AResponseBelongsToTheIntervalInWhichItsOperationEnded) {
    recorder.add(late(read, 1'010, 0));
    recorder.add(late(read, 1'350, 330));
    recorder.add(late(read, 1'360, 340));
    recorder.add(late(write, 1'370, 90));
    recorder.finish(Instant(1'420));
    Recorder all(2, 2, Instant(1'000), Duration(100));
    all.merge(recorder);
    all.merge(recorder);
    ASSERT_EQ(all.timeline().size(), 5U);
    const std::vector<std::vector<int>> expected = {
        {10, 10}, {}, {}, {340, 340, 350, 350, 100, 100}, {}};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        Histogram known;
        for (const int response : expected[i]) known.add(Duration(response));
        EXPECT_EQ(all.timeline()[i].response.text(), known.text()) << i;
    }
}

// An idle client's timer fired late: that is no queueing.
TEST_F(RecorderTest, TheLatenessOfATimerIsNoPartOfTheResponse) {
    Sample by_timer = late(read, 1'010, 55);
    by_timer.lateness.is_timers = true;
    recorder.add(by_timer);
    recorder.add(late(read, 1'020, 70));
    EXPECT_EQ(recorder.kinds()[read].response.least(), Duration(10));
    EXPECT_EQ(recorder.kinds()[read].response.most(), Duration(80));
    EXPECT_EQ(recorder.slip().count(), 2U);
    EXPECT_EQ(recorder.timer_slip().count(), 1U);
    EXPECT_EQ(recorder.timer_slip().most(), Duration(55));
}

TEST_F(RecorderTest, AnIntervalDoublesWhenThereAreTooMany) {
    const auto most = static_cast<int>(intervals_most);
    const auto add_in_each = [&](int from, int to) {
        for (int i = from; i < to; ++i) add(read, hit, 1'050 + 100 * i);
    };
    add_in_each(0, most);  // The last is still open.
    EXPECT_EQ(recorder.interval(), Duration(100));
    add_in_each(most, 3 * most);
    EXPECT_EQ(recorder.interval(), Duration(400));
    recorder.finish(Instant(1'000 + 100 * 3 * most));
    ASSERT_EQ(recorder.timeline().size(), intervals_most * 3 / 4 + 1);
    for (std::size_t i = 0; i + 1 < recorder.timeline().size(); ++i) {
        EXPECT_EQ(recorder.timeline()[i].operations, 4U) << i;
        EXPECT_EQ(recorder.timeline()[i].latency.count(), 4U) << i;
    }
    EXPECT_EQ(recorder.timeline().back().operations, 0U);
}

TEST_F(RecorderTest, OneOfLongerIntervalsIsMergedIntoOneOfShorterAndTheOtherWayRound) {
    const auto most = static_cast<int>(intervals_most);
    Recorder brief(2, 2, Instant(1'000), Duration(100));
    for (Recorder* one : {&recorder, &brief}) {
        for (const int i : {0, 1, 2}) one->add(done(read, hit, 1'050 + 100 * i));
    }
    brief.finish(Instant(1'260));
    recorder.finish(Instant(1'000 + 100 * most));
    Recorder all(2, 2, Instant(1'000), Duration(100));
    for (const Recorder* one : {&brief, &recorder, &brief}) all.merge(*one);
    EXPECT_EQ(all.interval(), Duration(200));
    ASSERT_EQ(all.timeline().size(), intervals_most / 2 + 1);
    EXPECT_EQ(all.timeline()[0].operations, 6U);
    EXPECT_EQ(all.timeline()[1].operations, 3U);
    EXPECT_EQ(all.timeline()[2].operations, 0U);
}

TEST_F(RecorderTest, ItsMemoryIsThatOfItsTimelineToo) {
    recorder.finish(Instant(1'010));
    const std::size_t before = recorder.memory_bytes();
    for (int i = 0; i < 100; ++i) recorder.add(late(read, 1'010 + 100 * i, 5));
    EXPECT_GE(recorder.memory_bytes() - before, 99 * sizeof(Interval) + 200 * 64 * 8);
}

TEST_F(RecorderTest, ResponsesSlipsAndDropsAreMergedToo) {
    Recorder other(2, 2, Instant(1'000), Duration(100));
    for (Recorder* one : {&recorder, &other}) {
        one->add(late(read, 1'010, 40));
        one->add_dropped(7);
        one->finish(Instant(1'020));
    }
    recorder.merge(other);
    EXPECT_EQ(recorder.kinds()[read].response.count(), 2U);
    EXPECT_EQ(recorder.slip().count(), 2U);
    EXPECT_EQ(recorder.slip().most(), Duration(40));
    EXPECT_EQ(recorder.dropped(), 14U);
}

}  // namespace
}  // namespace stalemark
