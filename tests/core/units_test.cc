// SPDX-License-Identifier: Apache-2.0
#include "core/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/errors.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::uint64_t signed_max = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t unsigned_max = std::numeric_limits<std::uint64_t>::max();

// What the parser says of a wrong text.
template <typename Parse>
std::string complaint(Parse parse) {
    try {
        parse();
    } catch (const InputError& error) {
        return error.what();
    }
    return "(none)";
}

TEST(Durations, AreReadInEveryUnit) {
    EXPECT_EQ(parse_duration("7ns"), 7ns);
    EXPECT_EQ(parse_duration("250us"), 250us);
    EXPECT_EQ(parse_duration("15ms"), 15ms);
    EXPECT_EQ(parse_duration("5s"), 5s);
    EXPECT_EQ(parse_duration("2m"), 2min);
    EXPECT_EQ(parse_duration("1.5h"), 90min);
    EXPECT_EQ(parse_duration("0.25us"), 250ns);
    EXPECT_EQ(parse_duration("0"), 0ns);
    EXPECT_EQ(parse_duration("none"), Duration::max());
}

TEST(Durations, ThatAreNoneSayWhatWasExpected) {
    for (const char* text : {"", "5", "s", "5 s", " 5s", "5s ", "-5s", "5sec", "1.5ns", "nan",
                             "infs", "1..5s", "1e400s", "5S", "9223372036854775807ns",
                             "99999999999999s", "18446744073709551616ns", "."}) {
        const auto said = complaint([&] { parse_duration(text); });
        EXPECT_THAT(said, HasSubstr("expected a duration such as 250us")) << text;
        EXPECT_THAT(said, HasSubstr("got \"" + std::string(text) + "\"")) << text;
    }
}

TEST(Durations, AreWrittenSoThatTheyReadBack) {
    EXPECT_EQ(format_duration(5min), "5m");
    EXPECT_EQ(format_duration(90s), "90s");
    EXPECT_EQ(format_duration(1500us), "1500us");
    EXPECT_EQ(format_duration(0ns), "0");
    EXPECT_EQ(format_duration(Duration::max()), "none");
    for (const Duration duration : {1ns, 999ns, Duration(1s + 1ns), Duration(48h),
                                    Duration::max(), Duration::max() - 1ns, Duration::zero()}) {
        EXPECT_EQ(parse_duration(format_duration(duration)), duration);
    }
}

TEST(Sizes, AreReadInEveryUnit) {
    EXPECT_EQ(parse_bytes("0"), 0U);
    EXPECT_EQ(parse_bytes("100"), 100U);
    EXPECT_EQ(parse_bytes("100B"), 100U);
    EXPECT_EQ(parse_bytes("3KB"), 3'000U);
    EXPECT_EQ(parse_bytes("2MB"), 2'000'000U);
    EXPECT_EQ(parse_bytes("2GB"), 2'000'000'000U);
    EXPECT_EQ(parse_bytes("1TB"), 1'000'000'000'000U);
    EXPECT_EQ(parse_bytes("64KiB"), 65'536U);
    EXPECT_EQ(parse_bytes("1.5MiB"), 1'572'864U);
    EXPECT_EQ(parse_bytes("1GiB"), 1U << 30);
    EXPECT_EQ(parse_bytes("1TiB"), 1ULL << 40);
    EXPECT_EQ(parse_bytes("9223372036854775807"), signed_max);
}

TEST(Sizes, ThatAreNoneSayWhatWasExpected) {
    for (const char* text : {"", "-1", "KiB", "64 KiB", "64kib", "1.5", "0.3KB1", "nan", "10%",
                             "9223372036854775808", "99999999TiB", "1e3"}) {
        const auto said = complaint([&] { parse_bytes(text); });
        EXPECT_THAT(said, HasSubstr("expected a size such as 100, 64KiB or 2MB")) << text;
    }
}

TEST(Sizes, AreWrittenSoThatTheyReadBack) {
    EXPECT_EQ(format_bytes(65'536), "64KiB");
    EXPECT_EQ(format_bytes(1'000), "1000");
    for (const std::uint64_t bytes :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 40, std::uint64_t{3'000'000},
          signed_max}) {
        EXPECT_EQ(parse_bytes(format_bytes(bytes)), bytes);
    }
}

TEST(Counts, AreReadPlainWithUnderscoresAndWithAnExponent) {
    EXPECT_EQ(parse_count("0", 0, 10), 0U);
    EXPECT_EQ(parse_count("1000000", 1, unsigned_max), 1'000'000U);
    EXPECT_EQ(parse_count("1_000_000", 1, unsigned_max), 1'000'000U);
    EXPECT_EQ(parse_count("1e6", 1, unsigned_max), 1'000'000U);
    EXPECT_EQ(parse_count("1.5e+3", 1, unsigned_max), 1'500U);
    EXPECT_EQ(parse_count("20.0", 1, unsigned_max), 20U);
    EXPECT_EQ(parse_count("18446744073709551615", 0, unsigned_max), unsigned_max);
}

TEST(Counts, ThatAreNoneSayWhichRangeWasExpected) {
    for (const char* text : {"",     "-1",
                             "+1",   "1.5",
                             "1e",   "1e-1",
                             "e6",   "0x10",
                             "_1",   "1_",
                             "1__0", "nan",
                             "inf",  "18446744073709551616",
                             "1e20", "1e999999999999",
                             "1 ",   "2",
                             "11",   "ten"}) {
        const auto said = complaint([&] { parse_count(text, 3, 10); });
        EXPECT_THAT(said, HasSubstr("expected a whole number from 3 to 10, got")) << text;
    }
    EXPECT_EQ(parse_count("3", 3, 10), 3U);
    EXPECT_EQ(parse_count("10", 3, 10), 10U);
}

TEST(Reals, AreReadUpToBothEndsOfTheirRange) {
    EXPECT_DOUBLE_EQ(parse_real("0.99", 0, 1), 0.99);
    EXPECT_DOUBLE_EQ(parse_real("0", 0, 1), 0);
    EXPECT_DOUBLE_EQ(parse_real("1", 0, 1), 1);
    EXPECT_DOUBLE_EQ(parse_real("1e-3", 0, 1), 0.001);
    EXPECT_DOUBLE_EQ(parse_real("-2.5", -3, 1), -2.5);
}

TEST(Reals, ThatAreNoneSayWhichRangeWasExpected) {
    for (const char* text : {"", "lots", "nan", "inf", "-inf", "-0.1", "1.1", "1e999", "0.5x",
                             " 0.5", "0,5", "50%"}) {
        const auto said = complaint([&] { parse_real(text, 0, 1); });
        EXPECT_EQ(said, "expected a number from 0 to 1, got \"" + std::string(text) + "\"");
    }
}

}  // namespace
}  // namespace stalemark
