#include "cli/tier_options.h"

#include <algorithm>
#include <cmath>

#include "core/errors.h"
#include "core/units.h"
#include "wire/latencies.h"

namespace stalemark {

std::uint64_t read_cache_bytes(std::string_view text, const WorkloadSpec& workload) {
    if (!text.ends_with('%')) return parse_bytes(text);
    const double percent = parse_real(text.substr(0, text.size() - 1), 0, 1e6);
    return static_cast<std::uint64_t>(
        std::llround(percent / 100 * static_cast<double>(data_set_bytes(workload))));
}

Distribution parse_latency(std::string_view text) {
    if (const LatencyEntry* const entry = find_latency(text)) text = entry->spec;
    return Distribution::parse(
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
}

std::uint64_t data_set_bytes(const WorkloadSpec& workload) {
    const double rows = std::ceil(static_cast<double>(workload.keys) * workload.preload);
    const double row = sizeof(Key) + workload.value_size.mean();
    return static_cast<std::uint64_t>(std::max(rows, 1.0) * row);
}

}  // namespace stalemark
