// SPDX-License-Identifier: Apache-2.0
#include "workload/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "workload/files_on_disk.h"
#include "workload/source.h"

namespace stalemark {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::string_view header = "time_ns,operation,key,value_bytes,ttl_ns\n";

std::string write_trace(std::string_view lines) {
    return write_file(scratch_folder() / "trace.csv", std::string(header) + std::string(lines));
}

WorkloadSpec replay(const std::string& path, double speed = 1) {
    WorkloadSpec spec;
    spec.phases = {{.name = "all"}};
    spec.trace = {.path = path, .speed = speed};
    spec.keys = read_trace(path)->keys();
    return spec;
}

std::vector<Operation> draw(const WorkloadSpec& spec, ClientSeat seat = {}) {
    const auto source = open_source(spec, seat);
    std::vector<Operation> drawn;
    while (const auto operation = source->next()) drawn.push_back(*operation);
    return drawn;
}

std::vector<Operation> arrivals(const WorkloadSpec& spec) {
    const auto source = open_arrivals(spec, 1, 0, 50);
    std::vector<Operation> drawn;
    while (const auto operation = source->next()) drawn.push_back(*operation);
    return drawn;
}

TEST(Trace, IsReadLineByLine) {
    const auto trace =
        read_trace(write_trace("100,get,user:7,,\n"
                               "100,set,17,480,300000000000\n"
                               "250,delete,user:7,,\r\n"
                               "300,read_modify_write,17,20,\n"
                               "301,put,18446744073709551615,3,0"));
    ASSERT_EQ(trace->records.size(), 5U);
    const auto& records = trace->records;
    EXPECT_EQ(records[0].kind, OperationKind::read);
    EXPECT_EQ(records[1].kind, OperationKind::write);
    EXPECT_EQ(records[2].kind, OperationKind::erase);
    EXPECT_EQ(records[3].kind, OperationKind::read_modify_write);
    EXPECT_EQ(records[4].kind, OperationKind::write);
    EXPECT_EQ(records[0].at, 0ns);
    EXPECT_EQ(records[2].at, 150ns);
    EXPECT_EQ(records[4].at, 201ns);
    EXPECT_EQ(records[0].key, 0U);
    EXPECT_EQ(records[1].key, 1U);
    EXPECT_EQ(records[2].key, 0U);
    EXPECT_EQ(records[3].key, 1U);
    EXPECT_EQ(records[4].key, 2U);
    EXPECT_EQ(records[0].value_bytes, 0U);
    EXPECT_EQ(records[1].value_bytes, 480U);
    EXPECT_EQ(records[4].value_bytes, 16U) << "room for a header";
    EXPECT_EQ(trace->keys(), 3U);
    EXPECT_THAT(trace->ttl_of_keys,
                testing::ElementsAre(Duration::max(), 300s, Duration::max()));
}

TEST(Trace, KeepsTheLastTtlOfEachKey) {
    const auto trace =
        read_trace(write_trace("1,set,a,20,500\n2,set,a,20,700\n3,set,a,20,\n"
                               "4,set,b,20,500\n5,set,b,20,0\n"));
    EXPECT_THAT(trace->ttl_of_keys, testing::ElementsAre(700ns, Duration::max()));
}

TEST(Trace, MayBeginWithAByteOrderMark) {
    const auto path = write_file(scratch_folder() / "trace.csv",
                                 "\xef\xbb\xbf" + std::string(header) + "1,read,a,,\n");
    EXPECT_EQ(read_trace(path)->records.size(), 1U);
}

struct Mistake {
    std::string line;
    std::string said;
};

TEST(Trace, ComplainsWithFileAndLine) {
    const std::vector<Mistake> mistakes = {
        {"soon,read,a,,", "time_ns: expected a whole number from 0 to 9223372036854775806"},
        {"-1,read,a,,", "time_ns: expected a whole number"},
        {"9223372036854775807,read,a,,", "time_ns: expected a whole number"},
        {"1,raed,a,,", "unknown operation 'raed'; did you mean 'read'?"},
        {"1,read,,,", "key: expected a text"},
        {"1,write,a,,", "value_bytes: expected a whole number from 0 to 1073741824, got \"\""},
        {"1,write,a,1e10,", "value_bytes: expected a whole number"},
        {"1,read,a,big,", "value_bytes: expected a whole number"},
        {"1,read,a,,later", "ttl_ns: expected a whole number"},
        {"1,read,a", "expected the five fields time_ns,operation,key,value_bytes,ttl_ns"},
        {"1,read,a,,,", "expected the five fields"},
        {"", "expected the five fields"},
        {"0,read,a,,", "expected times in order, got 0 after 1"},
        {"1,read," + std::string(5'000, 'k') + ",,", "expected a line of at most"},
    };
    for (const auto& [line, said] : mistakes) {
        const auto path = write_trace("1,read,a,,\n" + line + "\n");
        const auto complained = complaint([&] { read_trace(path); });
        EXPECT_THAT(complained, testing::StartsWith(path + ":3: ")) << line;
        EXPECT_THAT(complained, HasSubstr(said)) << line;
    }
}

TEST(Trace, OfNothingIsRefused) {
    const auto folder = scratch_folder();
    EXPECT_THAT(complaint([&] { read_trace(write_trace("")); }),
                HasSubstr("expected at least one record"));
    EXPECT_THAT(complaint([&] { read_trace(write_file(folder / "empty.csv", "")); }),
                HasSubstr("empty.csv:1: expected the header line time_ns,operation,"));
    EXPECT_THAT(complaint([&] { read_trace(write_file(folder / "x.csv", "1,read,a,,\n")); }),
                HasSubstr("x.csv:1: expected the header line"));
    EXPECT_THAT(complaint([&] { read_trace(folder / "none.csv"); }),
                HasSubstr("none.csv: expected a trace file that can be read"));
    EXPECT_THAT(complaint([&] { read_trace(folder.string()); }),
                HasSubstr("expected a trace file that can be read"));
}

TEST(Trace, ThatWasCutOffWhenItWasPackedIsRefused) {
    const auto packed = read_file(repository() / "tests/data/traces/cloudphysics.csv.gz");
    const auto cut = write_file(scratch_folder() / "cut.csv.gz", packed.substr(0, 9'000));
    EXPECT_THAT(complaint([&] { read_trace(cut); }), HasSubstr("unexpected end of file"));
}

TEST(Trace, IsReadAnewWhenTheFileHasChanged) {
    const auto path = write_trace("1,read,a,,\n");
    const auto once = read_trace(path);
    EXPECT_EQ(read_trace(path), once) << "the clients share one";
    write_file(path, std::string(header) + "1,read,a,,\n2,read,b,,\n");
    EXPECT_EQ(read_trace(path)->keys(), 2U);
    EXPECT_EQ(once->keys(), 1U);
}

TEST(Trace, MayBeReadByManyThreads) {
    const auto path = write_trace("1,read,a,,\n");
    std::vector<std::shared_ptr<const Trace>> traces(8);
    std::vector<std::thread> threads;
    for (auto& trace : traces) threads.emplace_back([&] { trace = read_trace(path); });
    for (auto& thread : threads) thread.join();
    for (const auto& trace : traces) EXPECT_EQ(trace, traces[0]);
}

TEST(TraceSource, DealsTheKeysToTheClients) {
    const auto spec = replay(write_trace(
        "1,read,a,,\n2,read,b,,\n3,write,a,20,\n4,read,c,,\n5,write,b,20,\n6,read,c,,\n"));
    std::vector<std::size_t> first;
    for (const auto& operation : draw(spec, {.client = 0, .clients = 2})) {
        first.push_back(index_of(operation.key));
    }
    std::vector<std::size_t> second;
    for (const auto& operation : draw(spec, {.client = 1, .clients = 2})) {
        second.push_back(index_of(operation.key));
    }
    EXPECT_THAT(first, testing::ElementsAre(0, 0, 2, 2));
    EXPECT_THAT(second, testing::ElementsAre(1, 1));
}

TEST(TraceSource, RunsAtTheSpeedThatWasAskedFor) {
    const auto path = write_trace("1000,read,a,,\n3000,read,a,,\n8000,read,a,,\n");
    const auto due = [&](double speed) {
        std::vector<std::int64_t> all;
        for (const auto& operation : arrivals(replay(path, speed)))
            all.push_back(operation.due.count());
        return all;
    };
    EXPECT_THAT(due(1), testing::ElementsAre(0, 2'000, 7'000));
    EXPECT_THAT(due(2), testing::ElementsAre(0, 1'000, 3'500));
    EXPECT_THAT(due(0.5), testing::ElementsAre(0, 4'000, 14'000));
    EXPECT_NE(digest_of(replay(path, 1), 1, 2, 9), digest_of(replay(path, 2), 1, 2, 9));
    for (const Operation& operation : draw(replay(path, 0)))
        EXPECT_EQ(operation.due, Duration{0}) << "as fast as it goes";
}

TEST(TraceSource, LetsOneSessionAskForAKey) {
    const auto spec = replay((repository() / "tests/data/traces/cloudphysics.csv.gz").string());
    std::map<Key, std::uint32_t> session_of;
    std::set<std::uint32_t> sessions;
    for (const Operation& operation : arrivals(spec)) {
        EXPECT_EQ(session_of.try_emplace(operation.key, operation.session).first->second,
                  operation.session);
        sessions.insert(operation.session);
    }
    EXPECT_EQ(sessions.size(), 50U);
}

TEST(TraceSource, IgnoresTheSeed) {
    const auto spec = replay((repository() / "tests/data/traces/cloudphysics.csv.gz").string());
    EXPECT_EQ(digest_of(spec, 1, 4, 9), digest_of(spec, 2, 4, 9));
}

TEST(TraceSource, ReplaysARecordingOfARealSystem) {
    const auto spec = replay((repository() / "tests/data/traces/cloudphysics.csv.gz").string());
    EXPECT_EQ(spec.keys, 1'426U);
    std::size_t reads = 0;
    std::size_t writes = 0;
    Duration last{0};
    const auto operations = arrivals(spec);
    EXPECT_TRUE(std::ranges::is_sorted(operations, {}, &Operation::due));
    for (const auto& operation : operations) {
        ++(operation.kind == OperationKind::read ? reads : writes);
        last = std::max(last, operation.due);
    }
    EXPECT_EQ(reads, 1'423U);
    EXPECT_EQ(writes, 577U);
    EXPECT_EQ(last, 10'974'358'974ns);
}

}  // namespace
}  // namespace stalemark
