// SPDX-License-Identifier: Apache-2.0
#include "workload/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "workload/load_fields.h"
#include "workload/source.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

// Every field, none of which has its default.
constexpr std::string_view full = R"json("name": "full", "keys": 2000, "preload": 0.75,
    "value_size": "lognormal(300,0.5)", "compressibility": 0.25, "ttl": "uniform(10s,60s)",
    "ttl_jitter": 0.125, "negative_ttl": "500ms", "cache_size": "5MiB", "clients": 7,
    "duration": "3s", "operations": 123456, "warmup": "1s",
    "phases": [
        {"name": "one", "duration": "2s", "rate": 1500.5, "arrival": "constant",
         "mix": {"read": 0.25, "write": 0.25, "delete": 0.125, "read_modify_write": 0.375},
         "popularity": {"kind": "drifting_hot_set", "hot_keys": 0.125, "hot_operations": 0.625,
                        "drift_every": 777, "drift_by": 0.0625}},
        {"operations": 50, "mix": {"write": 1}, "popularity": {"kind": "latest", "theta": 0.5}},
        {"popularity": "hot_set"}
    ],
    "requirements": {"stale_age_max": "250ms", "stale_fraction_max": 0.0625,
                     "read_your_writes": true, "own_writes_missed_max": 0.03125,
                     "monotonic_reads": true, "writes_lost_max": 5, "read_p99_max": "3ms",
                     "write_p99_max": "4ms", "store_reads_max": 0.375, "why": "Because."})json";

TEST(WorkloadFile, NeedsNothingButACaption) {
    const WorkloadSpec spec = load("");
    WorkloadSpec usual;
    usual.name = "x";
    usual.caption = "A test";
    usual.phases = {{.name = "all"}};
    EXPECT_EQ(spec, usual);
}

TEST(WorkloadFile, SetsEveryField) {
    const WorkloadSpec spec = load(std::string(full));
    EXPECT_EQ(spec.name, "full");
    EXPECT_EQ(spec.keys, 2'000U);
    EXPECT_EQ(spec.preload, 0.75);
    EXPECT_EQ(spec.value_size.text(), "lognormal(300,0.5)");
    EXPECT_EQ(spec.compressibility, 0.25);
    EXPECT_EQ(spec.ttl.least(), 10'000'000'000U);
    EXPECT_EQ(spec.ttl.most(), 60'000'000'000U);
    EXPECT_EQ(spec.ttl_jitter, 0.125);
    EXPECT_EQ(spec.negative_ttl, 500ms);
    EXPECT_EQ(spec.cache_size.text(), "5MiB");
    EXPECT_EQ(spec.clients, 7U);
    EXPECT_EQ(spec.duration, 3s);
    EXPECT_EQ(spec.operations, 123'456U);
    EXPECT_EQ(spec.warmup, 1s);
    ASSERT_EQ(spec.phases.size(), 3U);
    const Phase one{
        .name = "one",
        .duration = 2s,
        .mix = {.read = 0.25, .write = 0.25, .erase = 0.125, .read_modify_write = 0.375},
        .popularity = {.kind = Popularity::Kind::drifting_hot_set,
                       .hot_keys = 0.125,
                       .hot_operations = 0.625,
                       .drift_every = 777,
                       .drift_by = 0.0625},
        .rate = 1'500.5,
        .arrival = Arrival::constant};
    EXPECT_EQ(spec.phases[0], one);
    const Phase two{.name = "2",
                    .operations = 50,
                    .mix = {.read = 0, .write = 1},
                    .popularity = {.kind = Popularity::Kind::latest, .theta = 0.5}};
    EXPECT_EQ(spec.phases[1], two);
    EXPECT_EQ(spec.phases[2].popularity.kind, Popularity::Kind::hot_set);
    const Requirements needed{.stale_age_max = 250ms,
                              .stale_fraction_max = 0.0625,
                              .read_your_writes = true,
                              .own_writes_missed_max = 0.03125,
                              .monotonic_reads = true,
                              .writes_lost_max = 5,
                              .read_p99_max = 3ms,
                              .write_p99_max = 4ms,
                              .store_reads_max = 0.375,
                              .why = "Because."};
    EXPECT_EQ(spec.requirements, needed);
}

TEST(WorkloadFile, ComesBackFromWhatIsWritten) {
    for (const std::string& fields : {std::string(full), std::string()}) {
        const WorkloadSpec spec = load(fields);
        const auto written =
            write_file(scratch_folder() / "written.json", to_json(spec).dump(2));
        EXPECT_EQ(load_workload(written, {}), spec);
    }
}

TEST(WorkloadFile, GivesItsDemandToThePhasesThatHaveNoneOfTheirOwn) {
    const WorkloadSpec spec =
        load(R"json("mix": {"write": 1}, "rate": 10, "arrival": "constant",
        "popularity": "uniform",
        "phases": [{"operations": 5}, {"rate": "none", "mix": {"read": 1}}])json");
    EXPECT_EQ(spec.phases[0].mix, (Mix{.read = 0, .write = 1}));
    EXPECT_EQ(spec.phases[0].rate, 10);
    EXPECT_EQ(spec.phases[0].arrival, Arrival::constant);
    EXPECT_EQ(spec.phases[1].popularity.kind, Popularity::Kind::uniform);
    EXPECT_EQ(spec.phases[1].rate, std::nullopt);
    EXPECT_EQ(spec.phases[1].mix, Mix{});
}

TEST(WorkloadFile, MayWriteNumbersWithUnits) {
    const WorkloadSpec spec = load(R"json("keys": "1_000", "value_size": 64, "ttl": "none",
                                      "cache_size": 4096)json");
    EXPECT_EQ(spec.keys, 1'000U);
    EXPECT_EQ(spec.value_size.most(), 64U);
    EXPECT_EQ(spec.ttl.least(), static_cast<std::uint64_t>(Duration::max().count()));
    EXPECT_EQ(spec.cache_size.text(), "4KiB");
    EXPECT_EQ(load(R"json("value_size": "4KiB")json").value_size.most(), 4'096U);
}

TEST(WorkloadFile, LeavesRoomForAHeaderInEveryValue) {
    EXPECT_EQ(load(R"json("value_size": "lognormal(20,2)")json").value_size.least(), 16U);
    EXPECT_EQ(load(R"json("value_size": 16)json").value_size.least(), 16U);
    for (const char* size :
         {"15", "\"uniform(0,100)\"", "\"weighted(8:1,100:9)\"", "\"2GiB\""}) {
        EXPECT_THAT(
            complaint_about("\"value_size\": " + std::string(size)),
            HasSubstr("value_size: expected values from 16 bytes, a header's size, to 1GiB"));
    }
}

TEST(Override, WinsOverTheFile) {
    const std::string fields = R"json("keys": 10, "mix": {"read": 0.5, "write": 0.5})json";
    EXPECT_EQ(load(fields, {{"keys", "20", "--keys 20"}}).keys, 20U);
    EXPECT_EQ(load(fields, {{"keys", "20", ""}, {"keys", "1e2", ""}}).keys, 100U);
    EXPECT_EQ(load(fields, {{"mix", R"json({"read": 1})json", ""}}).phases[0].mix, Mix{});
    EXPECT_EQ(load(fields, {{"ttl", "5s", ""}}).ttl.least(), 5'000'000'000U);
    EXPECT_EQ(load(fields, {{"requirements.why", "It must.", ""}}).requirements.why,
              "It must.");
}

TEST(Override, IsNamedInsteadOfTheFileWhenItIsWrong) {
    const std::string fields = R"json("mix": {"read": 0.5, "write": 0.5})json";
    EXPECT_EQ(complaint_about(fields, {{"mix.read", "lots", "--set mix.read=lots"}}),
              "--set mix.read=lots: mix.read: expected a number from 0 to 1, got \"lots\"");
    EXPECT_EQ(complaint_about(fields, {{"mix.read", "0.25", "--set mix.read=0.25"}}),
              "--set mix.read=0.25: mix: expected shares that sum to 1, got a sum of 0.75");
    EXPECT_EQ(complaint_about(fields, {{"kesy", "5", "--set kesy=5"}}),
              "--set kesy=5: kesy: unknown field 'kesy'; did you mean 'keys'?");
    EXPECT_THAT(complaint_about(fields, {{"mxi.read", "5", "--set mxi.read=5"}}),
                StartsWith("--set mxi.read=5: mxi: unknown field 'mxi'"));
    EXPECT_EQ(complaint_about("\"popularity\": \"uniform\"",
                              {{"popularity.theta", "1", "--key-skew 1"}}),
              "--key-skew 1: popularity.theta: has no meaning for popularity 'uniform'");
}

TEST(Override, OfTheDemandHoldsInEveryPhase) {
    const std::string fields = R"json("phases": [
        {"operations": 1, "rate": 5, "mix": {"write": 1}, "popularity": "uniform"},
        {"rate": 6, "arrival": "constant", "popularity": {"kind": "latest"}}])json";
    const WorkloadSpec spec = load(fields, {{"rate", "50", ""},
                                            {"mix", R"json({"delete": 1})json", ""},
                                            {"arrival", "poisson", ""},
                                            {"popularity.theta", "0.5", ""}});
    for (const Phase& phase : spec.phases) {
        EXPECT_EQ(phase.rate, 50);
        EXPECT_EQ(phase.mix, (Mix{.read = 0, .erase = 1}));
        EXPECT_EQ(phase.arrival, Arrival::poisson);
        EXPECT_EQ(phase.popularity, Popularity{.theta = 0.5});
    }
    EXPECT_EQ(load(fields, {{"phases.1.rate", "7", ""}}).phases[1].rate, 7);
    EXPECT_EQ(load(fields, {{"phases.1.rate", "7", ""}}).phases[0].rate, 5);
    EXPECT_EQ(
        load(fields, {{"phases.0.popularity.kind", "latest", ""}}).phases[0].popularity.kind,
        Popularity::Kind::latest);
}

TEST(TraceWorkload, TakesItsKeysFromTheTrace) {
    const auto folder = scratch_folder();
    const auto trace = write_file(folder / "t.csv",
                                  "time_ns,operation,key,value_bytes,ttl_ns\n5,read,a,,\n"
                                  "6,write,b,20,\n");
    const auto load_with = [&](const std::string& fields,
                               const std::vector<Override>& overrides) {
        const auto path =
            write_file(folder / "x.json", "{\"caption\": \"c\",\n" + fields + "}");
        return load_workload(path, overrides);
    };
    const WorkloadSpec spec =
        load_with(R"json("trace": {"path": "t.csv", "speed": 2})json", {});
    EXPECT_EQ(spec.keys, 2U);
    EXPECT_EQ(spec.trace, (TraceFile{.path = trace, .speed = 2})) << "relative to the workload";
    EXPECT_EQ(spec.phases.size(), 1U);
    EXPECT_EQ(spec.warmup, Duration{0}) << "it would leave its writes behind";
    EXPECT_EQ(load_with(R"json("trace": {"path": "t.csv"}, "warmup": "stable")json", {}).warmup,
              std::nullopt);
    const auto written = write_file(folder / "written.json", to_json(spec).dump());
    EXPECT_EQ(load_workload(written, {}), spec);

    const WorkloadSpec chosen = load_with("\"clients\": 2", {{"trace.path", trace, "--set"}});
    EXPECT_EQ(chosen.trace, (TraceFile{.path = trace, .speed = 1}));
    const auto from_here = std::filesystem::relative(trace).string();
    EXPECT_EQ(load_with("\"clients\": 2", {{"trace.path", from_here, "--set"}}), chosen);

    const auto said = [&](const std::string& fields, const std::vector<Override>& overrides) {
        const auto text = complaint([&] { load_with(fields, overrides); });
        return text.substr(std::min(text.find("x.json:"), text.size()));
    };
    const std::string base = R"json("trace": {"path": "t.csv"})json";
    EXPECT_EQ(said(base + ",\n\"keys\": 3", {}),
              "x.json:3: keys: expected the 2 keys of the trace");
    EXPECT_EQ(said(base + ",\n\"mix\": {\"read\": 1}", {}),
              "x.json:3: mix: has no meaning beside a trace");
    for (const char* field : {"rate\": 5", "arrival\": \"poisson\"",
                              "popularity\": \"uniform\"", "phases\": [{}]"}) {
        EXPECT_THAT(said(base + ",\n\"" + field, {}),
                    HasSubstr("has no meaning beside a trace"));
    }
    EXPECT_THAT(said(R"json("trace": {"path": "t.csv", "speed": -1})json", {}),
                HasSubstr("trace.speed: expected a number from 0"));
    EXPECT_THAT(said(R"json("trace": {"path": "t.csv", "speed": 1e-9})json", {}),
                HasSubstr("trace.speed: expected 0 or a number from 1e-06"));
    EXPECT_THAT(said(R"json("trace": {"path": "t.csv", "sped": 1})json", {}),
                HasSubstr("trace.sped: unknown field 'sped'; did you mean 'speed'?"));
}

}  // namespace
}  // namespace stalemark
