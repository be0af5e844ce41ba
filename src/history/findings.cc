// SPDX-License-Identifier: Apache-2.0
#include "history/findings.h"

#include <algorithm>

namespace stalemark {
namespace {

// Of two anomalies of one extent the earlier is the worse, so that it does not depend on how
// many are kept which come first.
bool is_worse(const Anomaly& one, const Anomaly& other) {
    if (one.extent != other.extent) return one.extent > other.extent;
    return one.read().line < other.read().line;
}

bool is_of_sessions(AnomalyClass kind) {
    return kind == AnomalyClass::read_your_writes || kind == AnomalyClass::monotonic_reads;
}

}  // namespace

void Findings::note(const Anomaly& anomaly) {
    const auto kind = static_cast<std::size_t>(anomaly.kind);
    ++counts_[kind];
    if (anomaly.kind == AnomalyClass::stale_read) stale_age_.add(Duration(anomaly.extent));
    if (!is_of_sessions(anomaly.kind)) {
        if (anomaly.delta) {
            delta_ = std::max(delta_, *anomaly.delta);
        } else {
            ++beyond_delta_;
        }
        if (anomaly.gamma) gamma_ = std::max(gamma_, *anomaly.gamma);
        const HistoryOperation& read = anomaly.read();
        for (FaultInterval& fault : faults_) {
            if (fault.began <= read.ended && read.began <= fault.ended) ++fault.anomalies;
        }
    }
    std::vector<Anomaly>& worst = worst_[kind];
    if (worst.size() == worst_most_) {
        if (worst.empty() || !is_worse(anomaly, worst.front())) return;
        std::ranges::pop_heap(worst, is_worse);
        worst.pop_back();
    }
    worst.push_back(anomaly);
    std::ranges::push_heap(worst, is_worse);
}

HistoryVerdict Findings::verdict() const {
    for (const std::uint64_t count : counts_) {
        if (count > 0) return HistoryVerdict::anomalies;
    }
    return undecided_reads > 0 || lost_operations > 0 ? HistoryVerdict::unknown
                                                      : HistoryVerdict::ok;
}

std::vector<Anomaly> Findings::worst(AnomalyClass kind) const {
    std::vector<Anomaly> sorted = worst_[static_cast<std::size_t>(kind)];
    std::ranges::sort(sorted, is_worse);
    return sorted;
}

std::size_t Findings::memory_bytes() const {
    std::size_t bytes = stale_age_.memory_bytes();
    for (const auto& worst : worst_) bytes += worst.capacity() * sizeof(Anomaly);
    return bytes;
}

}  // namespace stalemark
