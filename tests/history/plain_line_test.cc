// SPDX-License-Identifier: Apache-2.0
// The quick reader of lines against the general one.

#include "history/plain_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/random.h"
#include "history/history_line.h"

namespace stalemark {
namespace {

constexpr std::string_view usual =
    R"({"k":17,"c":3,"op":"r","v":"3:812","call":1234,"ret":1299,"st":"ok","src":"hit"})";

TEST(PlainLine, IsReadInAllItsParts) {
    PlainLine line;
    ASSERT_TRUE(parse_plain_line(usual, line));
    EXPECT_EQ(line.key, 17);
    EXPECT_EQ(line.client, 3);
    EXPECT_EQ(line.action, HistoryAction::read);
    EXPECT_EQ(line.version, Name::of_pair(3, 812));
    EXPECT_EQ(line.call, 1234);
    EXPECT_EQ(line.ret, 1299);
}

TEST(PlainLine, NamesVersionsAsTheGeneralReaderDoes) {
    for (const std::string version :
         {"0", "17", "\"17\"", "\"0\"", "\"3:812\"", "\"03:812\"", "\"3:08\"", "\"a:1\"",
          "\"999999999:1\"", "\"4294967295:1\"", "\"4294967296:1\"", "\"\"",
          "\"a text that is too long to be kept\""}) {
        const std::string text =
            R"({"k":1,"c":1,"op":"w","v":)" + version + R"(,"call":1,"ret":2,"st":"ok"})";
        PlainLine plain;
        ASSERT_TRUE(parse_plain_line(text, plain)) << text;
        const LineValue value = parse_history_line(text).version;
        EXPECT_EQ(plain.version, value.kind == LineValue::Kind::integer
                                     ? Name::of_integer(value.integer)
                                     : Name::of_text(value.text))
            << version;
    }
}

TEST(PlainLine, LeavesEverythingElseToTheGeneralReader) {
    PlainLine line;
    for (const std::string text :
         {R"({"k":17,"c":3,"op":"r","v":"1","call":5,"ret":4,"st":"ok"})",
          R"({"k":17,"c":3,"op":"r","v":"1","call":5,"ret":9,"st":"info"})",
          R"({"k":17,"c":3,"op":"r","v":"1","call":5,"ret":null,"st":"info"})",
          R"({"k":17,"c":3,"op":"d","call":5,"ret":9,"st":"ok"})",
          R"({"k":17,"c":3,"op":"r","v":null,"call":5,"ret":9,"st":"ok"})",
          R"({"k":"17","c":3,"op":"r","v":"1","call":5,"ret":9,"st":"ok"})",
          R"({"k":017,"c":3,"op":"r","v":"1","call":5,"ret":9,"st":"ok"})",
          R"({"k":17,"c":3,"op":"r","v":"\u0031","call":5,"ret":9,"st":"ok"})",
          R"({"k":17,"c":3,"op":"r","v":"1","call":5,"ret":9,"st":"ok"} )",
          R"({"k":17,"c":3,"op":"r","v":"1","call":5,"ret":1234567890123456789,"st":"ok"})"}) {
        EXPECT_FALSE(parse_plain_line(text, line)) << text;
    }
}

TEST(PlainLine, NeverAcceptsWhatTheGeneralReaderRefusesOrReadsOtherwise) {
    Random random(8);
    int accepted = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string text(
            usual.substr(0, random.below(4) == 0 ? random.below(usual.size()) : usual.size()));
        const std::string_view alphabet = "0123456789\"{},:abcr w\\-.";
        for (std::uint64_t changes = random.below(3); changes > 0 && !text.empty(); --changes)
            text[random.below(text.size())] = alphabet[random.below(alphabet.size())];
        PlainLine plain;
        if (!parse_plain_line(text, plain)) continue;
        ++accepted;
        const HistoryLine line = parse_history_line(text);
        EXPECT_EQ(plain.key, line.key.integer) << text;
        EXPECT_EQ(plain.client, line.client.integer) << text;
        EXPECT_EQ(plain.call, line.call.integer) << text;
        EXPECT_EQ(plain.ret, line.ret.integer) << text;
        EXPECT_EQ(plain.version, Name::of_text(line.version.text)) << text;
    }
    EXPECT_GT(accepted, 50'000);
}

}  // namespace
}  // namespace stalemark
