// SPDX-License-Identifier: Apache-2.0
// What clients record arrives in the order in which it began, and what does not fit is counted.

#include "history/history_recorder.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

constexpr Key key{3};

KeySample one_key() {
    KeySample sample(10);
    sample.choose(key);
    return sample;
}

class HistoryRecorderTest : public testing::Test {
protected:
    static RecordedOperation operation(HistoryAction action, std::uint32_t client,
                                       std::uint32_t sequence, HistoryTime began,
                                       HistoryTime ended) {
        return {.operation = {.version = Name::of_pair(0, sequence),
                              .began = began,
                              .ended = ended,
                              .client = client,
                              .key = static_cast<std::uint32_t>(index_of(key)),
                              .action = action}};
    }
    // Client 0 writes `count` times, each write 10 ns.
    static void write_often(HistoryRecorder& recorder, std::uint32_t count) {
        for (std::uint32_t i = 1; i <= count; ++i) {
            const HistoryTime began = 100 + HistoryTime{20} * i;
            recorder.begin(0, Instant{began - 5});
            recorder.end(0, operation(HistoryAction::write, 0, i, began, began + 10));
        }
    }

    HistoryChecker checker{{.window = 1}};
};

TEST_F(HistoryRecorderTest, FollowsTheKeysOfItsSampleAlone) {
    const HistoryRecorder recorder(one_key(), 10, 1, nullptr, &checker);
    EXPECT_TRUE(recorder.follows(key));
    EXPECT_FALSE(recorder.follows(Key{4}));
}

// With a window of one, an operation that is passed on late would be refused.
TEST_F(HistoryRecorderTest, PassesNothingOnBeforeWhatIsUnderWay) {
    HistoryRecorder recorder(one_key(), 10, 2, nullptr, &checker);
    recorder.begin(1, Instant{50});
    write_often(recorder, 5'000);
    EXPECT_EQ(checker.findings().operations(), 0U);
    recorder.end(1, operation(HistoryAction::read, 1, 1, 60, 125));
    write_often(recorder, 0);
    recorder.finish();
    EXPECT_EQ(checker.findings().operations(), 5'001U);
    EXPECT_EQ(checker.findings().verdict(), HistoryVerdict::ok);
}

TEST_F(HistoryRecorderTest, PassesOnWhatIsOverWhileTheRunLasts) {
    HistoryRecorder recorder(one_key(), 10, 2, nullptr, &checker);
    write_often(recorder, 5'000);
    EXPECT_GT(checker.findings().operations(), 3'000U);
    recorder.finish();
    EXPECT_EQ(checker.findings().operations(), 5'000U);
}

TEST_F(HistoryRecorderTest, AReadWithoutAnAnswerHoldsNothingUp) {
    HistoryRecorder recorder(one_key(), 10, 2, nullptr, &checker);
    recorder.begin(1, Instant{50});
    recorder.end(1, std::nullopt);
    write_often(recorder, 5'000);
    EXPECT_GT(checker.findings().operations(), 3'000U);
}

TEST_F(HistoryRecorderTest, CountsWhatDoesNotFitAndLeavesTheVerdictOpen) {
    HistoryRecorder recorder(one_key(), 10, 2, nullptr, &checker, 1'000);
    recorder.begin(1, Instant{50});
    write_often(recorder, 5'000);
    recorder.end(1, std::nullopt);
    recorder.finish();
    EXPECT_EQ(recorder.lost(), 4'000U);
    EXPECT_EQ(checker.findings().lost_operations, 4'000U);
    EXPECT_EQ(checker.findings().verdict(), HistoryVerdict::unknown);
}

TEST_F(HistoryRecorderTest, KeysThatAreNotLoadedAreAbsentAtFirst) {
    HistoryRecorder recorder(one_key(), 3, 1, nullptr, &checker);
    RecordedOperation read = operation(HistoryAction::read, 0, 0, 10, 20);
    read.operation.version = Name();
    recorder.end(0, read);
    recorder.finish();
    EXPECT_EQ(checker.findings().verdict(), HistoryVerdict::ok);
}

}  // namespace
}  // namespace stalemark
