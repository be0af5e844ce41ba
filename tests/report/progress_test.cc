// SPDX-License-Identifier: Apache-2.0
// What people read while they wait. Whether anything is shown at all is a matter of terminals:
// tests/program/test_progress_of_runs.py.

#include "experiment/progress.h"

#include <gtest/gtest.h>

namespace stalemark {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(TimeLeft, IsWhatTheRestTakesAtTheSameSpeed) {
    EXPECT_EQ(time_left(seconds(3), 0.25), seconds(9));
    EXPECT_EQ(time_left(seconds(6), 0.75), seconds(2));
    EXPECT_EQ(time_left(seconds(8), 1), seconds(0));
}

TEST(TimeLeft, IsNotKnownWhileNothingIsDone) {
    EXPECT_EQ(time_left(seconds(3), 0), std::nullopt);
    EXPECT_EQ(time_left(seconds(0), 0.5), std::nullopt);
}

TEST(TimeLeft, HasAnEndHoweverLittleIsDone) {
    EXPECT_GT(time_left(hours(1), 1e-300), hours(1));
}

TEST(ProgressText, HasShareTimeLeftAndABar) {
    EXPECT_EQ(progress_text("measuring", 0.5, seconds(3), "3.0 s", 80),
              "measuring  50%, 00:03 left [###############               ] 3.0 s");
    EXPECT_EQ(progress_text("loading", 0, seconds(3), "", 80),
              "loading   0%, ? left [                              ]");
    EXPECT_EQ(progress_text("loading", 1, seconds(3), "", 80),
              "loading 100%, 00:00 left [##############################]");
}

TEST(ProgressText, RoundsTimeUpAndTellsHours) {
    EXPECT_NE(progress_text("", 0.5, milliseconds(2'001), "", 80).find("00:03 left"),
              std::string::npos);
    EXPECT_NE(progress_text("", 0.5, hours(2), "", 80).find("2:00:00 left"), std::string::npos);
}

TEST(ProgressText, OfWhatHasNoKnownEndHasNeither) {
    EXPECT_EQ(progress_text("draining", std::nullopt, seconds(3), "", 80), "draining");
    EXPECT_EQ(progress_text("measuring", std::nullopt, seconds(3), "3.0 s", 80),
              "measuring 3.0 s");
}

TEST(ProgressText, IsCutToTheTerminalAndNotWithinACharacter) {
    const std::string whole = progress_text("measuring", 0.5, seconds(3), "", 80);
    EXPECT_EQ(progress_text("measuring", 0.5, seconds(3), "", 20), whole.substr(0, 20));
    EXPECT_EQ(progress_text("häufig", std::nullopt, seconds(3), "", 2), "h");
    EXPECT_EQ(progress_text("häufig", std::nullopt, seconds(3), "", 3), "hä");
    EXPECT_EQ(progress_text("measuring", 0.5, seconds(3), "", 0), "");
}

TEST(ProgressText, NeverGoesBeyondItsEnds) {
    EXPECT_EQ(progress_text("", 1.5, seconds(3), "", 80),
              progress_text("", 1, seconds(3), "", 80));
    EXPECT_EQ(progress_text("", -1, seconds(3), "", 80),
              progress_text("", 0, seconds(3), "", 80));
}

}  // namespace
}  // namespace stalemark
