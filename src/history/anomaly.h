// SPDX-License-Identifier: Apache-2.0
// What a history shows that a linearizable register, or a session, would not, with the
// operations that prove it.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "history/history_operation.h"

namespace stalemark {

enum class AnomalyClass : std::uint8_t {
    // A read of a version that had been replaced, by a write that was answered before the read
    // began.
    stale_read,
    // A read that no order of the operations explains, though it is not stale: a new version
    // was read before, and then an old one.
    order,
    // A read of a version that no write had begun to write when the read ended.
    phantom_read,
    // A read of a version older than what its client had written before.
    read_your_writes,
    // A read of a version older than what its client had read before.
    monotonic_reads,
};
constexpr std::size_t anomaly_classes = 5;
constexpr std::array<std::string_view, anomaly_classes> anomaly_names = {
    "stale_read", "order", "phantom_read", "read_your_writes", "monotonic_reads"};

struct Anomaly {
    AnomalyClass kind = AnomalyClass::stale_read;
    std::uint32_t key = 0;

    // For how long, at least, what the read should have seen had been there when it began:
    // since the replacing write was answered, or the client's own write, or its earlier read.
    // Of an order anomaly its gamma. The worst anomalies of a class are those with the most.
    HistoryTime extent = 0;

    // By how much the reads would have to begin earlier for the history up to here to be
    // linearizable; nothing: no such shift makes it so.
    std::optional<HistoryTime> delta;
    // By how much every interval would have to be longer, half of it at each end.
    std::optional<HistoryTime> gamma;

    // In the order in which they show it, the read that is the anomaly last.
    std::array<HistoryOperation, 4> operations;
    std::uint8_t operation_count = 0;

    std::span<const HistoryOperation> certificate() const {
        return std::span(operations).first(operation_count);
    }
    const HistoryOperation& read() const { return operations[operation_count - 1U]; }

    // Adds an operation to the certificate unless it is there.
    void show(const HistoryOperation& operation) {
        for (const HistoryOperation& other : certificate()) {
            if (other.line == operation.line && other.version == operation.version) return;
        }
        operations[operation_count++] = operation;
    }
};

// The difference of two instants; nothing: it has no bound, as one of them is outside of the
// history.
inline std::optional<HistoryTime> time_between(HistoryTime from, HistoryTime to) {
    if (from == before_history || to == after_history) return std::nullopt;
    return to - from;
}

}  // namespace stalemark
