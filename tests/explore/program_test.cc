// SPDX-License-Identifier: Apache-2.0
#include "explore/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/errors.h"
#include "core/random.h"

namespace stalemark {
namespace {

using Kind = ProgramStep::Kind;

std::string refusal(const std::string& text) {
    try {
        read_program(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return "taken";
}

std::string repeated(const std::string& part, int times, const std::string& between) {
    std::string text = part;
    for (int i = 1; i < times; ++i) text += between + part;
    return text;
}

TEST(Program, IsReadOperationByOperation) {
    const Program program = read_program("w r2 |\tm3|d1 ");
    EXPECT_EQ(program.clients, 3U);
    EXPECT_EQ(program.keys, 3U);
    EXPECT_THAT(program.operations,
                testing::ElementsAre(ProgramStep{Kind::write, Key{0}, 0},
                                     ProgramStep{Kind::read, Key{1}, 0},
                                     ProgramStep{Kind::read, Key{2}, 1, true},
                                     ProgramStep{Kind::write, Key{2}, 1, true},
                                     ProgramStep{Kind::erase, Key{0}, 2}));
    EXPECT_EQ(program.text(), "w r2 | m3 | d");
}

TEST(Program, IsRefusedWithThePosition) {
    const std::map<std::string, std::string> refusals = {
        {"w x", "position 3: unknown operation \"x\"; expected r, w, d or m, and a key"},
        {"w R2", "position 3: unknown operation \"R2\"; did you mean 'r'?"},
        {"w | raed", "position 5: unknown operation \"raed\"; did you mean 'r'?"},
        {"w rr", "position 4: expected a key, a blank or '|' behind the letter"},
        {"r2w", "position 1: unknown operation \"r2w\"; did you mean 'r'?"},
        {"r 2", "position 3: unknown operation \"2\"; expected r, w, d or m, and a key"},
        {"r-1", "position 1: unknown operation \"r-1\"; expected r, w, d or m, and a key"},
        {"r | w0", "position 6: key 0; expected 1 to 4"},
        {"r | w5", "position 6: too many keys: \"5\"; expected 1 to 4"},
        {"w99999999999999999999999",
         "position 2: too many keys: \"99999999999999999999999\"; expected 1 to 4"},
        {"w || r",
         "position 4: no operation before '|'; expected r, w, d or m, or - for no "
         "operation"},
        {"| r",
         "position 1: no operation before '|'; expected r, w, d or m, or - for no "
         "operation"},
        {"w | ", "position 3: no client behind the last '|'"},
        {"w - | r", "position 3: a client of - has no other operation"},
        {"- w | r", "position 3: a client of - has no other operation"},
    };
    for (const auto& [text, message] : refusals)
        EXPECT_EQ(refusal(text), "--program \"" + text + "\": " + message);
}

TEST(Program, IsRefusedIfItAsksForNothing) {
    for (const std::string text : {"", "  ", "-", "- | -"})
        EXPECT_THAT(refusal(text), testing::StartsWith("--program \"" + text +
                                                       "\": no operations; expected such as"));
}

TEST(Program, HasLimits) {
    EXPECT_EQ(read_program(repeated("w r", 16, " ")).operations.size(), 32U);
    EXPECT_THAT(refusal(repeated("w", 33, " ")),
                testing::HasSubstr("position 65: too many operations; expected at most 32"));
    EXPECT_EQ(read_program(repeated("m", 16, " ")).operations.size(), 32U);
    EXPECT_THAT(refusal(repeated("m", 16, " ") + " | r"),
                testing::HasSubstr("position 35: too many operations; expected at most 32"));
    EXPECT_EQ(read_program(repeated("r", 8, "|")).clients, 8U);
    EXPECT_THAT(refusal(repeated("r", 9, "|")),
                testing::HasSubstr("position 16: too many clients; expected at most 8"));
    EXPECT_EQ(read_program("r4").keys, 4U);
}

TEST(Program, IsTheSameOnceItIsWrittenAndRead) {
    Random random(1);
    constexpr std::string_view letters = "rwdm";
    for (int i = 0; i < 1'000; ++i) {
        std::string text(1, letters[random.below(4)]);
        for (std::uint64_t more = random.below(14); more > 0; --more) {
            text +=
                random.below(4) == 0 && text.find("|", 8) == std::string::npos ? " | " : " ";
            text += letters[random.below(4)];
            if (random.below(3) == 0) text += std::to_string(2 + random.below(3));
        }
        const Program program = read_program(text);
        EXPECT_EQ(program.text(), text);
        const Program fewer = program.only(static_cast<std::uint32_t>(random.next()));
        EXPECT_EQ(fewer.clients, program.clients);
        if (!fewer.operations.empty()) {
            EXPECT_EQ(read_program(fewer.text()), fewer) << fewer.text();
        }
    }
}

TEST(Program, LeavesOperationsOut) {
    const Program program = read_program("w r2 | m | d");
    EXPECT_EQ(program.only(~0U), program);
    EXPECT_EQ(program.only(0b11101).text(), "w | m | d");
    EXPECT_EQ(program.only(0b11101).keys, 1U);
    EXPECT_EQ(program.only(0b01110).text(), "r2 | m | -");
    EXPECT_EQ(program.only(0b10111).text(), "w r2 | - | d");  // Half of the m.
    EXPECT_EQ(program.only(0b11011).text(), "w r2 | - | d");
    EXPECT_EQ(program.only(0).text(), "- | - | -");
    EXPECT_EQ(read_program(program.only(0b10000).text()).operations[0].client, 2U);
}

}  // namespace
}  // namespace stalemark
