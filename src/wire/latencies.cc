// SPDX-License-Identifier: Apache-2.0
#include "wire/latencies.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/errors.h"
#include "core/units.h"

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

constexpr Duration latency_max = std::chrono::hours(1);

}  // namespace

std::span<const LatencyEntry> all_latencies() { return latencies; }

Distribution parse_latency(std::string_view text) {
    const auto* const named = std::ranges::find(latencies, text, &LatencyEntry::name);
    if (named != std::end(latencies)) text = named->spec;
    Distribution latency = Distribution::parse(
        text,
        [](std::string_view part) {
            const Duration duration = parse_duration(part);
            if (duration == Duration::max())
                throw InputError("expected a duration, got 'none'");
            return static_cast<std::uint64_t>(duration.count());
        },
        [](std::uint64_t ns) {
            return format_duration(Duration(static_cast<Duration::rep>(ns)));
        });
    // A run that is to stop waits for the calls under way.
    if (latency.most() > static_cast<std::uint64_t>(latency_max.count())) {
        throw InputError(
            fmt::format("expected at most {}, got up to {}", format_duration(latency_max),
                        format_duration(Duration(static_cast<Duration::rep>(latency.most())))));
    }
    return latency;
}

}  // namespace stalemark
