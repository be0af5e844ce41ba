// SPDX-License-Identifier: Apache-2.0
// Known histograms and the drawings that they must give.

#include "cli/latency_drawing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "core/errors.h"
#include "measure/histogram.h"

namespace stalemark {
namespace {

// So many durations of each length.
std::string text_of(const std::vector<std::pair<std::int64_t, int>>& durations) {
    Histogram histogram;
    for (const auto& [ns, count] : durations) {
        for (int i = 0; i < count; ++i) histogram.add(Duration(ns));
    }
    return histogram.text();
}

Json result_of(const Json& histograms) {
    Json result = {{"operations", Json::object()}, {"histograms", histograms}};
    for (const auto& [kind, text] : histograms.items()) {
        if (kind.find('.') == std::string::npos) result["operations"][kind] = Json::object();
    }
    return result;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

TEST(LatencyDrawing, HasARowForEachStretchAndABarForItsShare) {
    const Json result =
        result_of({{"read", text_of({{150, 60}, {900, 30}, {9'000, 9}, {30'000, 1}})}});
    EXPECT_EQ(latency_drawing(result),
              "  up to     read\n"
              "     200ns   60.0% ########################################\n"
              "     500ns\n"
              "       1us   30.0% ####################\n"
              "       2us\n"
              "       5us\n"
              "      10us    9.0% ######\n"
              "      20us\n"
              "      50us    1.0% #\n");
}

TEST(LatencyDrawing, IsOfResponseTimesInAnOpenLoopAndSaysSo) {
    const Json result =
        result_of({{"read", text_of({{150, 1}})}, {"read.response_ns", text_of({{900, 1}})}});
    EXPECT_EQ(latency_drawing(result),
              "  up to     read response\n"
              "       1us  100.0% ########################################\n");
}

TEST(LatencyDrawing, HasAColumnForEachKindAndOneScaleForAll) {
    const Json result = result_of({{"read", text_of({{150, 75}, {400, 25}})},
                                   {"read.hit", text_of({{150, 75}})},
                                   {"write", text_of({{400, 50}, {800, 50}})}});
    EXPECT_EQ(latency_drawing(result),
              "  up to     read                               write\n"
              "     200ns   75.0% ##########################\n"
              "     500ns   25.0% #########                    50.0% #################\n"
              "       1us                                      50.0% #################\n");
}

TEST(LatencyDrawing, CountsABoundWithTheRowThatItEnds) {
    const Json result = result_of({{"read", text_of({{100, 1}, {101, 1}})}});
    EXPECT_EQ(lines_of(latency_drawing(result)).at(1).substr(0, 18), "     100ns   50.0%");
}

TEST(LatencyDrawing, ShowsWhatIsTooLittleForAMark) {
    const Json result = result_of({{"read", text_of({{150, 9'999}, {400, 1}})}});
    EXPECT_EQ(lines_of(latency_drawing(result)).at(2), "     500ns   <0.1% .");
}

TEST(LatencyDrawing, HasFewRowsAndFitsTheTerminalWhateverItDraws) {
    const std::string wide = text_of({{1, 1}, {1'000'000'000'000, 1}});
    const std::string longest = text_of({{1, 1}, {Duration::max().count(), 1}});
    for (const std::string& text : {wide, longest}) {
        const Json result = result_of(
            {{"read", text}, {"write", text}, {"delete", text}, {"read_modify_write", text}});
        const auto lines = lines_of(latency_drawing(result));
        EXPECT_LE(lines.size(), 21U);
        for (const std::string& line : lines) EXPECT_LE(line.size(), 80U) << line;
    }
    const Json decade = result_of({{"read", text_of({{1, 1}, {99'999, 1}})}});
    EXPECT_EQ(lines_of(latency_drawing(decade)).size(), 1U + 16U) << "the finest that fits";
}

TEST(LatencyDrawing, IsEmptyWithoutHistograms) {
    EXPECT_EQ(latency_drawing(Json::object()), "");
    EXPECT_EQ(latency_drawing(result_of(Json::object())), "");
    EXPECT_EQ(latency_drawing(result_of({{"read", ""}})), "");
}

TEST(LatencyDrawing, SaysWhichHistogramCannotBeRead) {
    try {
        latency_drawing(result_of({{"read", "10:1"}, {"write", "10:1 x"}}));
        FAIL() << "nothing thrown";
    } catch (const InputError& error) {
        EXPECT_EQ(std::string(error.what()),
                  "histograms.write: a histogram is written 'bucket:count ...', not 'x'");
    }
}

}  // namespace
}  // namespace stalemark
