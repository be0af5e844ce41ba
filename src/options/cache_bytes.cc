// SPDX-License-Identifier: Apache-2.0
#include "options/cache_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "caches/charge.h"
#include "core/errors.h"
#include "core/units.h"

namespace stalemark {
namespace {

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

}  // namespace stalemark
