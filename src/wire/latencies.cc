#include "wire/latencies.h"

#include <algorithm>

namespace stalemark {
namespace {

// One row adds a round trip: name, caption, spread, source.
constexpr LatencyEntry latencies[] = {
    {"in_process", "a cache in the same process", "uniform(100ns,300ns)",
     "a hit of cache_aside, docs/speed.md: 106 ns with 1,000 keys, 302 ns with 100,000"},
    {"redis", "Redis in the same zone of a cloud", "lognormal(420us,0.48)",
     "redis-benchmark, 50 connections to ElastiCache: p50 0.423 ms, p99 1.287 ms "
     "(cachee.ai/blog, 2026-03-29); the network alone some 200 us (Redis documentation, "
     "latency)"},
    {"sql", "a row of a database by primary key, same zone", "lognormal(1ms,0.5)",
     "pgbench, select-only, 10 clients on another machine of the cloud: on average 0.84 to "
     "1.14 "
     "ms in the first run on each of five sizes of server, 0.24 to 0.41 ms in later ones "
     "(github.com/supabase/benchmarks-archive, postgrest/RESULTS_SELECT_ONLY.txt, 2022); the "
     "spread is assumed: p99 3.2 ms"},
};

}  // namespace

std::span<const LatencyEntry> all_latencies() { return latencies; }

const LatencyEntry* find_latency(std::string_view name) {
    const auto* const found = std::ranges::find(latencies, name, &LatencyEntry::name);
    return found == std::end(latencies) ? nullptr : found;
}

}  // namespace stalemark
