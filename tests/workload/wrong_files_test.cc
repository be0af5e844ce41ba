// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "workload/load_fields.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Mistake {
    std::string fields;
    std::string said;  // After "x.json:2: ".
};

const std::vector<Mistake> mistakes = {
    {R"json("kyes": 5)json", "kyes: unknown field 'kyes'; did you mean 'keys'?"},
    {R"json("scan": 5)json", "scan: unknown field 'scan'; known: name caption keys "},
    {R"json("caption": "again")json", "field \"caption\" is there twice"},
    {R"json("keys": 0)json", "keys: expected a whole number from 1 to 4294967295, got \"0\""},
    {R"json("keys": 4294967296)json", "keys: expected a whole number from 1 to 4294967295"},
    {R"json("keys": -5)json", "keys: expected a whole number"},
    {R"json("keys": 1.5)json", "keys: expected a whole number"},
    {R"json("keys": true)json",
     "keys: expected a whole number from 1 to 4294967295, got \"true\""},
    {R"json("keys": null)json", "keys: expected a whole number"},
    {R"json("preload": 1.01)json", "preload: expected a number from 0 to 1"},
    {R"json("preload": "NaN")json", "preload: expected a number from 0 to 1, got \"NaN\""},
    {R"json("value_size": "big")json", "value_size: expected a size such as"},
    {R"json("value_size": {})json", "value_size: expected a size such as"},
    {R"json("value_size": "normal(1,2)")json", "value_size: expected one number or uniform("},
    {R"json("compressibility": -0.1)json", "compressibility: expected a number from 0 to 1"},
    {R"json("ttl": 5)json", "ttl: expected a duration such as"},
    {R"json("ttl": "0")json", "ttl: expected durations above 0 (none: entries do not expire)"},
    {R"json("ttl": "uniform(5s,1s)")json",
     "ttl: \"uniform(5s,1s)\": expected the smaller number first"},
    {R"json("ttl_jitter": 2)json", "ttl_jitter: expected a number from 0 to 1"},
    {R"json("negative_ttl": "none")json", "negative_ttl: expected a duration such as"},
    {R"json("cache_size": "0%")json", "cache_size: expected more than 0"},
    {R"json("cache_size": 0)json", "cache_size: expected more than 0"},
    {R"json("cache_size": "1001%")json", "cache_size: expected a number from 0 to 1000"},
    {R"json("cache_size": "lots")json", "cache_size: expected a size such as"},
    {R"json("clients": 0)json", "clients: expected a whole number from 1 to 1000000"},
    {R"json("duration": "0")json", "duration: expected a duration above 0"},
    {R"json("duration": "-5s")json", "duration: expected a duration such as"},
    {R"json("operations": 0)json", "operations: expected a whole number from 1"},
    {R"json("warmup": "long")json", "warmup: expected stable, or a duration such as"},
    {R"json("warmup": "none")json", "warmup: expected stable, or a duration such as"},
    {R"json("mix": {"read": "lots"})json",
     "mix.read: expected a number from 0 to 1, got \"lots\""},
    {R"json("mix": {"read": 0.5})json", "mix: expected shares that sum to 1, got a sum of 0.5"},
    {R"json("mix": {"read": 0.9, "write": 0.2})json", "mix: expected shares that sum to 1"},
    {R"json("mix": {"read": 1, "scan": 0})json",
     "mix.scan: unknown field 'scan'; known: read write"},
    {R"json("mix": 0.5)json", "mix: expected an object {...}, got \"0.5\""},
    {R"json("popularity": "ziphian")json",
     "popularity.kind: unknown popularity 'ziphian'; did you mean"},
    {R"json("popularity": {"kind": 3})json", "popularity.kind: expected a text, got \"3\""},
    {R"json("popularity": {"theta": -1})json",
     "popularity.theta: expected a number from 0 to 100"},
    {R"json("popularity": {"theta": 101})json",
     "popularity.theta: expected a number from 0 to 100"},
    {R"json("popularity": {"kind": "uniform", "theta": 1})json",
     "popularity.theta: has no meaning for popularity 'uniform'"},
    {R"json("popularity": {"hot_keys": 0.1})json",
     "popularity.hot_keys: has no meaning for popularity"},
    {R"json("popularity": {"kind": "hot_set", "drift_every": 1})json",
     "popularity.drift_every: has no meaning for popularity 'hot_set'"},
    {R"json("popularity": {"kind": "hot_set", "hot_keys": 2})json",
     "popularity.hot_keys: expected"},
    {R"json("popularity": {"kind": "drifting_hot_set", "drift_every": 0})json",
     "popularity.drift_every: expected a whole number from 1"},
    {R"json("rate": 0)json", "rate: expected a number from 0.001 to 1000000000"},
    {R"json("rate": 1e308)json", "rate: expected a number from 0.001"},
    {R"json("rate": "nan")json", "rate: expected a number from 0.001"},
    {R"json("arrival": "uniform")json",
     "arrival: unknown arrival 'uniform'; known: poisson constant"},
    {R"json("phases": [])json", "phases: expected an array of at least one object"},
    {R"json("phases": {})json", "phases: expected an array"},
    {R"json("phases": [5])json", "phases.0: expected an object"},
    {R"json("phases": [{}, {}])json",
     "phases.0: expected a duration or operations: only the last phase"},
    {R"json("phases": [{"duration": "0"}])json",
     "phases.0.duration: expected a duration above 0"},
    {R"json("phases": [{"keys": 5}])json", "phases.0.keys: unknown field 'keys'"},
    {R"json("phases": [{"mix": {"read": 2}}])json",
     "phases.0.mix.read: expected a number from 0 to 1"},
    {R"json("phases": [{"popularity": "odd"}])json",
     "phases.0.popularity.kind: unknown popularity 'odd'"},
    {R"json("requirements": {"stale_age_max": "none"})json",
     "requirements.stale_age_max: expected a duration such as"},
    {R"json("requirements": {"read_your_writes": "yes"})json",
     "requirements.read_your_writes: expected true or false"},
    {R"json("requirements": {"writes_lost_max": -1})json",
     "requirements.writes_lost_max: expected"},
    {R"json("requirements": {"read_p99_max": "0"})json",
     "requirements.read_p99_max: expected a duration"},
    {R"json("requirements": {"monotonic_reads": 1})json",
     "requirements.monotonic_reads: expected true or false"},
    {R"json("requirements": {"stale_fraction_max": 1.5})json",
     "requirements.stale_fraction_max: expected"},
    {R"json("requirements": {"own_writes_missed_max": -0.1})json",
     "requirements.own_writes_missed_max: expected"},
    {R"json("requirements": {"store_reads_max": -0.5})json",
     "requirements.store_reads_max: expected"},
    {R"json("requirements": {"p99": "1s"})json", "requirements.p99: unknown field 'p99'"},
    {R"json("trace": {})json", "trace.path: missing"},
    {R"json("trace": {"path": "none.csv"})json", "trace.path: "},
};

TEST(WorkloadFile, NamesFileAndLineOfWhateverIsWrong) {
    for (const auto& [fields, said] : mistakes) {
        EXPECT_THAT(complaint_about(fields), StartsWith("x.json:2: " + said)) << fields;
    }
}

TEST(WorkloadFile, WithoutACaptionIsRefused) {
    const auto path = write_file(scratch_folder() / "x.json", "{\n}");
    EXPECT_EQ(complaint([&] { load_workload(path, {}); }), path + ":1: caption: missing");
    const auto lines = write_file(scratch_folder() / "x.json", "{\"caption\": \"a\\nb\"}");
    EXPECT_EQ(complaint([&] { load_workload(lines, {}); }),
              lines + ":1: caption: expected one line of text");
}

TEST(WorkloadFile, ThatCannotBeReadIsNamed) {
    const auto folder = scratch_folder();
    EXPECT_THAT(complaint([&] { load_workload((folder / "no.json").string(), {}); }),
                HasSubstr("no.json: expected a JSON file that can be read"));
    EXPECT_THAT(complaint([&] { load_workload(folder.string(), {}); }),
                HasSubstr("got a directory"));
    EXPECT_THAT(complaint([&] { load_workload("./", {}); }), HasSubstr("got a directory"));
}

}  // namespace
}  // namespace stalemark
