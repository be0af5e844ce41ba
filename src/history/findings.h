// SPDX-License-Identifier: Apache-2.0
// What judging a history came to: counts of everything, the worst anomalies of each class, and
// the verdict.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/anomaly.h"
#include "measure/histogram.h"

namespace stalemark {

enum class HistoryVerdict : std::uint8_t { ok, anomalies, unknown };
constexpr std::array<std::string_view, 3> history_verdict_names = {"ok", "anomalies",
                                                                   "unknown"};

// An interval in which the system was disturbed, as the history says.
struct FaultInterval {
    std::string name;
    HistoryTime began = 0;
    HistoryTime ended = after_history;  // That: it was never mended.

    // Linearizability anomalies whose read was under way in it.
    std::uint64_t anomalies = 0;
};

class Findings {
public:
    // `worst_most`: so many anomalies of each class are kept; all are counted.
    explicit Findings(std::size_t worst_most = 10) : worst_most_(worst_most) {}

    void note(const Anomaly& anomaly);

    // By kind, of what was judged: without what is known not to have happened, and without
    // reads that were not answered.
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t erases = 0;
    std::uint64_t unknown_writes = 0;  // Of these two, without an answer.

    // Reads of which it is not known whether they are anomalies: they found no value, and which
    // erase they saw decides; or what is needed for it was forgotten, or never recorded.
    std::uint64_t undecided_reads = 0;

    // Operations that began while another of their client was under way: only what had ended
    // before binds a client's read.
    std::uint64_t overlapping_operations = 0;

    // Operations that the recorder says it lost.
    std::uint64_t lost_operations = 0;

    // Anomalies are counted by interval from here on.
    void add_fault(FaultInterval fault) { faults_.push_back(std::move(fault)); }
    const std::vector<FaultInterval>& faults() const { return faults_; }

    std::uint64_t count(AnomalyClass kind) const {
        return counts_[static_cast<std::size_t>(kind)];
    }

    // Reads that, taken in the order in which they began, fit into no linearizable history
    // together with the writes and the reads accepted before: stale, out of order or phantom.
    std::uint64_t linearizability_anomalies() const {
        return count(AnomalyClass::stale_read) + count(AnomalyClass::order) +
               count(AnomalyClass::phantom_read);
    }

    std::uint64_t operations() const { return reads + writes + erases; }

    // unknown: no anomaly was found, and some read is not decided or some operation was lost.
    HistoryVerdict verdict() const;

    // The worst first.
    std::vector<Anomaly> worst(AnomalyClass kind) const;

    // Of stale reads.
    const Histogram& stale_age() const { return stale_age_; }

    // The largest of all anomalies that have one: lower bounds of those of the history (delta
    // of Golab, Li and Shah, PODC 2011; gamma of Golab et al., ICDCS 2014). Without anomalies
    // both are 0.
    HistoryTime delta() const { return delta_; }
    HistoryTime gamma() const { return gamma_; }
    // Linearizability anomalies that no shift of reads, however long, explains.
    std::uint64_t beyond_delta() const { return beyond_delta_; }

    std::size_t memory_bytes() const;

private:
    std::size_t worst_most_;
    std::array<std::uint64_t, anomaly_classes> counts_ = {};
    std::array<std::vector<Anomaly>, anomaly_classes> worst_;  // Heaps, the least on top.
    Histogram stale_age_;
    HistoryTime delta_ = 0;
    HistoryTime gamma_ = 0;
    std::uint64_t beyond_delta_ = 0;
    std::vector<FaultInterval> faults_;
};

}  // namespace stalemark
