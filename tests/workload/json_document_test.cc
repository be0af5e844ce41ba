// SPDX-License-Identifier: Apache-2.0
#include "workload/json_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "workload/fields.h"
#include "workload/files_on_disk.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

JsonDocument parse(std::string_view text) { return JsonDocument::parse(text, "x.json"); }

std::string complaint_about(const JsonDocument& document, std::string_view path) {
    return complaint([&] { document.fail(path, "wrong"); });
}

TEST(JsonDocument, KnowsTheLineOfEveryField) {
    const auto document = parse(
        "{\n"
        "  \"a\": 1,\n"
        "  \"b\": {\n"
        "    \"c\": [\n"
        "      10\n"
        "      ,\n"
        "      { \"d\":\n"
        "          true }\n"
        "    ]\n"
        "  }, \"e\": \"x\\ny\"\n"
        "}\n");
    EXPECT_EQ(complaint_about(document, ""), "x.json:1: wrong");
    EXPECT_EQ(complaint_about(document, "a"), "x.json:2: a: wrong");
    EXPECT_EQ(complaint_about(document, "b"), "x.json:3: b: wrong");
    EXPECT_EQ(complaint_about(document, "b.c"), "x.json:4: b.c: wrong");
    EXPECT_EQ(complaint_about(document, "b.c.0"), "x.json:5: b.c.0: wrong");
    EXPECT_EQ(complaint_about(document, "b.c.1"), "x.json:7: b.c.1: wrong");
    EXPECT_EQ(complaint_about(document, "e"), "x.json:10: e: wrong");
    EXPECT_EQ(complaint_about(document, "b.c.1.none"), "x.json:7: b.c.1.none: wrong")
        << "where it would stand";
}

TEST(JsonDocument, TakesAByteOrderMarkAndLinesThatEndInBothWays) {
    const auto document = parse("\xef\xbb\xbf{\r\n\"a\": 1,\r\n\"b\": 2\r\n}\r\n");
    EXPECT_EQ(document.root().dump(), R"({"a":1,"b":2})");
    EXPECT_EQ(complaint_about(document, "b"), "x.json:3: b: wrong");
}

TEST(JsonDocument, KeepsEveryKindOfValue) {
    const std::string text =
        R"({"null":null,"true":true,"int":-3,"big":18446744073709551615,"real":0.5,)"
        R"("text":"t","list":[1,[],{}],"empty":{}})";
    EXPECT_EQ(parse(text).root().dump(), text);
}

TEST(JsonDocument, SaysWhereTheJsonIsBroken) {
    const auto said = [](std::string_view text) { return complaint([&] { parse(text); }); };
    EXPECT_EQ(said(""), "x.json:1: expected JSON, got nothing");
    EXPECT_EQ(said("\n \r\n\t"), "x.json:1: expected JSON, got nothing");
    EXPECT_THAT(said("{\n\"a\":\n"), StartsWith("x.json:2: expected JSON: "));
    EXPECT_THAT(said("{\n\"a\":\n"), HasSubstr("unexpected end of input"));
    EXPECT_THAT(said("{\n\"a\": 1\n\"b\": 2}"), StartsWith("x.json:3: expected JSON: "));
    EXPECT_THAT(said("{\n\"a\": 1,\n}"), StartsWith("x.json:3: expected JSON: "));
    EXPECT_THAT(said("{} {}"), StartsWith("x.json:1: expected JSON: "));
    EXPECT_THAT(said("{\"a\": nan}"), HasSubstr("invalid literal"));
    EXPECT_THAT(said("{\"a\": 1e999}"), HasSubstr("number overflow"));
    EXPECT_THAT(said("{\n\"a\": \"\xff\"}"), StartsWith("x.json:2: expected JSON: "));
    EXPECT_THAT(said("{\"a\": \"\xff\"}"), HasSubstr("ill-formed UTF-8"));
    EXPECT_THAT(said("\xff\xfe{\0}\0"), StartsWith("x.json:1: expected JSON: "));
    for (const char* text : {"", "{\n\"a\": \"\xff\"}", "{\"\x01\": 1}", "{\"a\": tru\n\n}"}) {
        EXPECT_THAT(said(text), testing::Not(HasSubstr("\n"))) << "one line";
    }
}

TEST(JsonDocument, RefusesAFieldThatIsThereTwice) {
    EXPECT_EQ(complaint([] { parse("{\n\"a\": 1,\n\"b\": {\"a\": 1},\n\"a\": 2}"); }),
              "x.json:4: field \"a\" is there twice");
}

TEST(JsonDocument, RefusesNestingThatIsTooDeep) {
    const auto nested = [](std::size_t levels) {
        return std::string(levels, '[') + std::string(levels, ']');
    };
    EXPECT_EQ(complaint([&] { parse(nested(32)); }), "(none)");
    EXPECT_EQ(complaint([&] { parse(nested(33)); }),
              "x.json:1: expected at most 32 levels of nesting");
    EXPECT_THAT(complaint([&] { parse(std::string(900'000, '[')); }), HasSubstr("32 levels"));
}

TEST(JsonDocument, SaysWhichFileItCannotRead) {
    const auto folder = scratch_folder();
    EXPECT_THAT(complaint([&] { JsonDocument::read(folder / "none.json"); }),
                HasSubstr("none.json: expected a JSON file that can be read"));
    EXPECT_THAT(complaint([&] { JsonDocument::read(folder); }), HasSubstr("got a directory"));
    const auto huge = write_file(folder / "huge.json", std::string((1 << 20) + 1, ' '));
    EXPECT_EQ(complaint([&] { JsonDocument::read(huge); }),
              huge + ": expected a file of at most 1 MiB");
}

TEST(JsonDocument, SetsFieldsAndBlamesTheOption) {
    auto document = parse(R"({"a": {"b": 1, "c": 2}, "list": [{"d": 1}]})");
    document.set("a.b", "7", {"--b 7", ""});
    document.set("list.0.d", "[1, 2]", {"--d", ""});
    document.set("new.deep", "text", {"--deep text", ""});
    document.set("empty", "", {"--empty", ""});
    EXPECT_EQ(document.root().dump(),
              R"({"a":{"b":7,"c":2},"list":[{"d":[1,2]}],"new":{"deep":"text"},"empty":""})");
    EXPECT_EQ(complaint_about(document, "a.b"), "--b 7: a.b: wrong");
    EXPECT_EQ(complaint_about(document, "list.0.d.1"), "--d: list.0.d.1: wrong");
    EXPECT_EQ(complaint_about(document, "a.c"), "x.json:1: a.c: wrong");
    EXPECT_EQ(complaint_about(document, "a"), "--b 7: a: wrong") << "for what it has changed";
    EXPECT_TRUE(document.is_set("a.b"));
    EXPECT_TRUE(document.is_set("a"));
    EXPECT_TRUE(document.is_set("list.0.d.1"));
    EXPECT_FALSE(document.is_set("a.c"));
    EXPECT_FALSE(document.is_set("a.bb"));

    document.set("a", R"({"b": 9})", {"--a", ""});
    EXPECT_EQ(complaint_about(document, "a.b"), "--a: a.b: wrong") << "the later option";
}

TEST(JsonDocument, RefusesToSetWhatCannotBe) {
    auto document = parse(R"({"a": "text", "list": [1]})");
    const auto said = [&](std::string_view path, std::string_view value) {
        return complaint([&] { document.set(path, value, {"--set", ""}); });
    };
    EXPECT_EQ(said("a.b", "1"), "--set: a.b: \"\"text\"\" has no part \"b\"");
    EXPECT_THAT(said("list.1", "1"), HasSubstr("has no part \"1\""));
    EXPECT_THAT(said("list.x", "1"), HasSubstr("has no part \"x\""));
    EXPECT_EQ(said("a", "\xff"), "--set: a: expected UTF-8");
    std::string deep = "x";
    for (int i = 0; i < 40; ++i) deep += ".x";
    EXPECT_THAT(said(deep, "1"), HasSubstr("expected at most 32 levels"));
}

TEST(JsonDocument, RemovesAndExpandsFields) {
    auto document = parse(R"({"a": {"b": 1, "c": 2}, "kind": "uniform", "list": [1]})");
    document.remove("a.b");
    document.remove("a.none");
    document.remove("none.none");
    document.expand("kind", "name");
    document.expand("list", "name");
    document.expand("none", "name");
    EXPECT_EQ(document.root().dump(), R"({"a":{"c":2},"kind":{"name":"uniform"},"list":[1]})");
}

TEST(Fields, ReadEveryKindOfValue) {
    const auto document = parse(R"({"real": 0.5, "text_real": "0.25", "count": 1e3,
        "text_count": "2_000", "duration": "5s", "flag": true, "text": "t",
        "texts": ["a", "b"], "object": {"x": 1}, "objects": [{"y": 2}, {"y": 3}]})");
    Fields fields(document);
    EXPECT_EQ(fields.real("real", 0, 1), 0.5);
    EXPECT_EQ(fields.real("text_real", 0, 1), 0.25);
    EXPECT_EQ(fields.count("count", 1, 9'999), 1'000U);
    EXPECT_EQ(fields.count("text_count", 1, 9'999), 2'000U);
    EXPECT_EQ(fields.duration("duration"), 5s);
    EXPECT_EQ(fields.flag("flag"), true);
    EXPECT_EQ(fields.text("text"), "t");
    EXPECT_THAT(*fields.texts("texts"), testing::ElementsAre("a", "b"));
    EXPECT_EQ(fields.object("object")->count("x", 0, 9), 1U);
    auto objects = fields.objects("objects");
    ASSERT_EQ(objects.size(), 2U);
    EXPECT_EQ(objects[1].count("y", 0, 9), 3U);
    EXPECT_EQ(objects[1].path(), "objects.1");
    EXPECT_NO_THROW(fields.finish());
}

TEST(Fields, AnswerNothingForWhatIsNotThere) {
    const auto document = parse("{}");
    Fields fields(document);
    EXPECT_FALSE(fields.has("x"));
    EXPECT_FALSE(fields.real("x", 0, 1));
    EXPECT_FALSE(fields.count("x", 0, 1));
    EXPECT_FALSE(fields.duration("x"));
    EXPECT_FALSE(fields.flag("x"));
    EXPECT_FALSE(fields.text("x"));
    EXPECT_FALSE(fields.texts("x"));
    EXPECT_FALSE(fields.object("x"));
    EXPECT_TRUE(fields.objects("x").empty());
    EXPECT_EQ(complaint([&] { fields.require("x"); }), "x.json:1: x: missing");
}

TEST(Fields, SayWhatWasExpected) {
    const auto document = parse(R"({"a": [1], "b": "lots", "none": "none", "empty": []})");
    Fields fields(document);
    const auto said = [&](auto read) { return complaint(read); };
    EXPECT_EQ(said([&] { fields.real("b", 0, 1); }),
              "x.json:1: b: expected a number from 0 to 1, got \"lots\"");
    EXPECT_EQ(said([&] { fields.real("a", 0, 1); }),
              "x.json:1: a: expected a number from 0 to 1, got \"[1]\"");
    EXPECT_THAT(said([&] { fields.count("b", 2, 3); }),
                HasSubstr("a whole number from 2 to 3"));
    EXPECT_THAT(said([&] { fields.duration("b"); }), HasSubstr("expected a duration such as"));
    EXPECT_THAT(said([&] { fields.duration("none"); }), HasSubstr("got \"none\""));
    EXPECT_THAT(said([&] { fields.flag("b"); }), HasSubstr("expected true or false"));
    EXPECT_THAT(said([&] { fields.text("a"); }), HasSubstr("expected a text, got \"[1]\""));
    EXPECT_THAT(said([&] { fields.texts("a"); }), HasSubstr("expected an array of texts"));
    EXPECT_THAT(said([&] { fields.object("a"); }), HasSubstr("expected an object {...}"));
    EXPECT_THAT(said([&] { fields.objects("a"); }),
                StartsWith("x.json:1: a.0: expected an object"));
    EXPECT_THAT(said([&] { fields.objects("b"); }),
                HasSubstr("expected an array of at least one"));
    EXPECT_THAT(said([&] { fields.objects("empty"); }),
                HasSubstr("expected an array of at least"));
    EXPECT_THAT(said([] { Fields(parse("[]")); }), HasSubstr("x.json:1: expected an object"));
}

TEST(Fields, RefuseAFieldThatNobodyAskedFor) {
    const auto document = parse("{\"keys\": 1,\n\"cleints\": 2}");
    Fields fields(document);
    fields.count("keys", 0, 9);
    fields.count("clients", 0, 9);
    EXPECT_EQ(complaint([&] { fields.finish(); }),
              "x.json:2: cleints: unknown field 'cleints'; did you mean 'clients'?");
}

}  // namespace
}  // namespace stalemark
