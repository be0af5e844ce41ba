// SPDX-License-Identifier: Apache-2.0
// Options of the program that a workload's file brings along: handed over, not understood.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workload/files.h"
#include "workload/load_fields.h"

namespace stalemark {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

constexpr std::string_view fields = R"json("keys": 7,
"options": { "runtime": "virtual",
  "store-servers": 20, "sync": true, "anything": ["a", 0.5] })json";

WorkloadFile read(const std::vector<Override>& overrides = {}) {
    const std::string text = "{\"caption\": \"A test\",\n" + std::string(fields) + "\n}\n";
    return read_workload_file(write_file(scratch_folder() / "x.json", text), overrides);
}

TEST(FileOptions, AreHandedOverAsTextWithTheirPlaces) {
    const WorkloadFile file = read();
    ASSERT_EQ(file.options.size(), 4U);
    EXPECT_EQ(file.options[0].name, "runtime");
    EXPECT_THAT(file.options[0].values, ElementsAre("virtual"));
    EXPECT_THAT(file.options[0].place, EndsWith("x.json:3"));
    EXPECT_THAT(file.options[1].values, ElementsAre("20"));
    EXPECT_THAT(file.options[2].values, ElementsAre("true"));
    EXPECT_EQ(file.options[3].name, "anything");
    EXPECT_THAT(file.options[3].values, ElementsAre("a", "0.5"));
    EXPECT_THAT(file.options[3].place, EndsWith("x.json:4"));
}

TEST(FileOptions, MayBeSetLikeAnyField) {
    const WorkloadFile file = read(
        {{"options.runtime", "threads", "--set options.runtime=threads"}, {"keys", "9", ""}});
    EXPECT_THAT(file.options[0].values, ElementsAre("threads"));
    EXPECT_EQ(file.options[0].place, "--set options.runtime=threads");
    EXPECT_EQ(file.spec.keys, 9U);
}

TEST(FileOptions, AreNoPartOfTheWorkloadThatIsWrittenDown) {
    const WorkloadSpec spec = read().spec;
    EXPECT_EQ(spec, load("\"keys\": 7"));
    EXPECT_FALSE(to_json(spec).contains("options"));
}

TEST(FileOptions, AreScalarsInAnObject) {
    for (const char* value : {"[[1]]", "[]", "{\"a\": 1}", "null"}) {
        EXPECT_THAT(complaint_about("\"options\": {\"ttl\": " + std::string(value) + "}"),
                    HasSubstr("x.json:2: options.ttl: expected"));
    }
    EXPECT_THAT(complaint_about("\"options\": [\"ttl\"]"),
                HasSubstr("x.json:2: options: expected an object"));
}

}  // namespace
}  // namespace stalemark
