#include "options/tier_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "caches/charge.h"
#include "core/errors.h"
#include "core/units.h"
#include "wire/latencies.h"

namespace stalemark {
namespace {

constexpr Duration latency_max = std::chrono::hours(1);

std::uint64_t typical_entry_bytes(const WorkloadSpec& workload) {
    return charge_bytes(static_cast<std::uint64_t>(workload.value_size.mean()));
}

}  // namespace

std::uint64_t bytes_of(const CacheSize& size, const WorkloadSpec& workload) {
    if (size.bytes > 0) return size.bytes;
    const double share = size.percent / 100;
    const double rows = std::ceil(static_cast<double>(workload.keys) * workload.preload);
    return static_cast<std::uint64_t>(std::llround(
        share * std::max(rows, 1.0) * static_cast<double>(typical_entry_bytes(workload))));
}

void check_holds_entries(std::uint64_t cache_bytes, const WorkloadSpec& workload) {
    const std::uint64_t entry = typical_entry_bytes(workload);
    if (cache_bytes >= entry) return;
    throw InputError(fmt::format(
        "a cache of {} holds nothing: expected {} at least, for one entry of typical size",
        format_bytes(cache_bytes), format_bytes(entry)));
}

Distribution parse_latency(std::string_view text) {
    if (const LatencyEntry* const entry = find_latency(text)) text = entry->spec;
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
