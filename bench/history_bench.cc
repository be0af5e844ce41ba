// SPDX-License-Identifier: Apache-2.0
// How fast a history is judged, from its file to the verdict, on one core.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/huge_pages.h"
#include "core/random.h"
#include "history/history_checker.h"
#include "history/history_reader.h"

namespace stalemark {
namespace {

struct Drawn {
    HistoryTime began;
    HistoryTime effect;  // When it happens, between its begin and its end.
    HistoryTime ended;
    std::uint32_t client;
    std::uint32_t key;
    bool is_write;
    std::string version;
};

// Of 16 clients, every tenth operation a write, popular keys more often; sorted by begin.
std::vector<Drawn> draw_history(std::size_t operations, std::uint32_t keys,
                                std::uint64_t stale_every) {
    constexpr std::uint32_t clients = 16;
    Random random(1);
    std::vector<HistoryTime> free(clients, 0);
    std::vector<Drawn> drawn(operations);
    const auto below = [&](std::uint64_t most) {
        return static_cast<HistoryTime>(random.below(most));
    };
    for (std::size_t i = 0; i < operations; ++i) {
        const auto client = static_cast<std::uint32_t>(i % clients);
        const HistoryTime began = free[client] + 1 + below(50);
        const HistoryTime effect = began + below(200);
        const double rank = random.unit();
        drawn[i] = {began,
                    effect,
                    effect + below(200),
                    client,
                    static_cast<std::uint32_t>(rank * rank * rank * keys),
                    random.below(10) == 0,
                    {}};
        free[client] = drawn[i].ended;
    }
    std::ranges::sort(drawn, {}, &Drawn::effect);
    std::vector<std::vector<std::string>> versions(keys, {"0"});
    std::vector<std::uint32_t> written(clients, 0);
    for (Drawn& one : drawn) {
        std::vector<std::string>& known = versions[one.key];
        if (one.is_write)
            known.push_back(fmt::format("{}:{}", one.client, ++written[one.client]));
        const bool is_stale = !one.is_write && stale_every > 0 && known.size() > 3 &&
                              random.below(stale_every) == 0;
        one.version = known[known.size() - (is_stale ? 3 : 1)];
    }
    std::ranges::sort(drawn, {}, &Drawn::began);
    return drawn;
}

// A file that goes when its name is no longer needed.
class HistoryFile {
public:
    explicit HistoryFile(const std::vector<Drawn>& drawn) {
        const int file = ::mkstemp(path_);
        std::string text = "{\"fmt\":\"stalemark-history\",\"v\":1,\"initial\":\"0\"}\n";
        for (const Drawn& one : drawn) {
            fmt::format_to(std::back_inserter(text),
                           "{{\"k\":{},\"c\":{},\"op\":\"{}\",\"v\":\"{}\",\"call\":{},"
                           "\"ret\":{},\"st\":\"ok\"}}\n",
                           one.key, one.client, one.is_write ? 'w' : 'r', one.version,
                           one.began, one.ended);
        }
        bytes_ = text.size();
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written != static_cast<ssize_t>(text.size())) std::abort();
        ::close(file);
    }
    ~HistoryFile() { ::unlink(path_); }
    HistoryFile(const HistoryFile&) = delete;
    HistoryFile& operator=(const HistoryFile&) = delete;

    const char* path() const { return path_; }
    std::size_t bytes() const { return bytes_; }

private:
    char path_[32] = "/tmp/history_bench.XXXXXX";
    std::size_t bytes_ = 0;
};

// Keys; a stale read in so many reads, 0: none.
void judge_history(benchmark::State& state) {
    constexpr std::size_t operations = 2'000'000;
    const HistoryFile file(draw_history(operations, static_cast<std::uint32_t>(state.range(0)),
                                        static_cast<std::uint64_t>(state.range(1))));
    std::size_t memory = 0;
    std::uint64_t anomalies = 0;
    for (auto _ : state) {
        HistoryChecker checker({});
        read_history(file.path(), checker);
        memory = checker.memory_bytes();
        anomalies = checker.findings().linearizability_anomalies();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(operations));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.bytes()));
    state.counters["memory_MB"] = static_cast<double>(memory) / 1e6;
    state.counters["anomalies"] = static_cast<double>(anomalies);
}
BENCHMARK(judge_history)
    ->Args({1'000, 0})
    ->Args({1'000, 20})
    ->Args({200'000, 0})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace stalemark

int main(int argc, char** argv) {
    stalemark::prefer_huge_pages();  // As the program does.
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
