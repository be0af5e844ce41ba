// SPDX-License-Identifier: Apache-2.0
// The classes of what can go wrong in one schedule.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace stalemark {

enum class ScheduleAnomaly : std::uint8_t {
    permanent,            // At rest a copy differs from the store, before its TTL is over.
    permanent_after_ttl,  // Likewise, and no TTL ends it.
    read_your_writes,     // A client reads what is older than its own write.
    monotonic_reads,      // A client reads what is older than what it has read before.
    linearizability,      // No order of the operations explains all answers.
    dirty,                // A read has served what the store never had.
    store_older,          // At rest the store is older than an acknowledged change.
    lost_update,          // Two read-modify-writes have read the same, and both have written.
    stuck,                // An operation waits for what nothing can bring.
};
constexpr std::array<std::string_view, 9> anomaly_class_names = {
    "permanent",       "permanent_after_ttl", "read_your_writes",
    "monotonic_reads", "linearizability",     "dirty",
    "store_older",     "lost_update",         "stuck"};
constexpr std::size_t schedule_anomalies = anomaly_class_names.size();

// Several of them, as bits.
using AnomalySet = std::uint16_t;
constexpr AnomalySet set_of(ScheduleAnomaly one) {
    return static_cast<AnomalySet>(1U << static_cast<unsigned>(one));
}
constexpr bool has(AnomalySet set, ScheduleAnomaly one) { return (set & set_of(one)) != 0; }

}  // namespace stalemark
