// SPDX-License-Identifier: Apache-2.0
#include "core/words.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace stalemark {
namespace {

constexpr std::array<std::string_view, 3> strategies = {"no_cache", "cache_aside",
                                                        "write_behind"};

TEST(NearestWord, IsTheOneWithTheFewestChanges) {
    EXPECT_EQ(nearest("cache_asied", strategies), "cache_aside");
    EXPECT_EQ(nearest("nocache", strategies), "no_cache");
    EXPECT_EQ(nearest("write_behind", strategies), "write_behind");
}

TEST(NearestWord, IsEmptyIfNothingComesNear) {
    EXPECT_EQ(nearest("zebra", strategies), "");
    EXPECT_EQ(nearest("", strategies), "");
    EXPECT_EQ(nearest("cache_aside", {}), "");
}

TEST(NearestWord, IsNotAShortWordOfWhichNoLetterIsLeft) {
    constexpr std::array<std::string_view, 1> words = {"ab"};
    EXPECT_EQ(nearest("xy", words), "");
}

TEST(UnknownWord, IsAnsweredWithTheNearestOrWithAll) {
    EXPECT_EQ(unknown_word("strategy", "cache_asied", strategies),
              "unknown strategy 'cache_asied'; did you mean 'cache_aside'?");
    EXPECT_EQ(unknown_word("strategy", "zebra", strategies),
              "unknown strategy 'zebra'; known: no_cache cache_aside write_behind");
}

TEST(UnknownWord, IsShownOnOneLineWhateverItHolds) {
    EXPECT_EQ(unknown_word("key", "a\nb", strategies),
              "unknown key 'a?b'; known: no_cache cache_aside write_behind");
}

TEST(QuotedText, HasNoControlCharactersAndNoBrokenLetters) {
    EXPECT_EQ(in_quotes("lots"), "\"lots\"");
    EXPECT_EQ(in_quotes("a\r\n\tb\x7f"), "\"a???b?\"");
    EXPECT_EQ(in_quotes("gr\xc3\xb6\xc3\x9f"
                        "e"),
              "\"gr\xc3\xb6\xc3\x9f"
              "e\"");
    EXPECT_EQ(in_quotes("a\xffz"), "\"a?z\"");
    EXPECT_EQ(in_quotes("a\xc3"), "\"a?\"");
}

TEST(QuotedText, IsCutWhereItIsLong) {
    EXPECT_EQ(in_quotes(std::string(60, 'x')), '"' + std::string(60, 'x') + '"');
    EXPECT_EQ(in_quotes(std::string(1'000, 'x')), '"' + std::string(60, 'x') + "...\"");
}

}  // namespace
}  // namespace stalemark
