// SPDX-License-Identifier: Apache-2.0
// Judges the history of one key as it streams by, in the order in which its operations began.
//
// Kept are the versions that some later read may still see, which are about as many as there
// are operations at once. A version is dropped when a write that followed it has ended: every
// read that begins later is stale. What must not be lost with it is noted at the versions that
// stay (ForgottenZone). That histories of unambiguous registers, and of other types, take no
// search is the subject of Lee and Mathur, "Efficient Decrease-and-Conquer Linearizability
// Monitoring", OOPSLA 2025.
//
// Erases make no version of their own, so that a read that found no value may have seen any of
// several. Where only one can be meant, it is judged like any other. Else it counts for one
// that fits; if none does, or if what it conflicts with was itself only assigned, the read is
// undecided. So is the answer then: neither ok nor an anomaly without proof.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "history/findings.h"
#include "history/history_operation.h"
#include "history/open_version.h"
#include "history/overwritten_versions.h"
#include "history/session_views.h"

namespace stalemark {

// What all keys of a history share.
struct Judging {
    Findings& findings;
    SessionViews& sessions;
    OverwrittenVersions& overwritten;
};

// A version was written twice, so that reads of it say nothing.
struct RepeatedVersion {
    HistoryOperation operation;
    std::uint32_t first_line = 0;
};

class KeyHistory {
public:
    KeyHistory(std::uint32_t key, Name initial);

    // Requires: began no earlier than the last one; of those that began together, writes come
    // before reads. Not for operations that did not happen, nor for reads without an answer.
    // Throws RepeatedVersion.
    void add(const HistoryOperation& operation, const Judging& judging);

    // No operation is to come.
    void finish(const Judging& judging);

    // Brings near the processor what the next add() looks at.
    void fetch() const {
        const char* const open = reinterpret_cast<const char*>(open_.data());
        for (std::size_t at = 0; at < sizeof(OpenVersion); at += 64)
            __builtin_prefetch(open + at);
    }

    std::size_t memory_bytes() const {
        return open_.capacity() * sizeof(OpenVersion) +
               waiting_.capacity() * sizeof(HistoryOperation);
    }

private:
    void add_write(const HistoryOperation& write, const Judging& judging);
    void add_read(const HistoryOperation& read, const Judging& judging);
    void check_is_new(const HistoryOperation& write, const Judging& judging);
    void end_waiting(HistoryTime low, const Judging& judging);
    void judge_absence(const HistoryOperation& read, const Judging& judging);
    void judge_overwritten_absence(const HistoryOperation& read, const Judging& judging);
    void judge_unseen(const HistoryOperation& read, const Judging& judging);
    void judge(OpenVersion& version, const HistoryOperation& read, const Judging& judging);
    void drop_overwritten(HistoryTime low, const Judging& judging);
    OpenVersion* find_open(const Name& version);
    HistoryTime low_mark(HistoryTime began) const;

    std::vector<OpenVersion> open_;

    // Reads of versions that are not written yet, and those that found no value: which erases
    // they may have seen is known when they have ended.
    std::vector<HistoryOperation> waiting_;

    // Of the erases that are dropped, the last to end, and what followed it.
    struct DroppedAbsence {
        HistoryOperation erase;
        HistoryOperation replacement;
    };
    std::unique_ptr<DroppedAbsence> dropped_absence_;
    std::uint32_t unknown_erases_ = 0;
    bool has_forgotten_erase_ = false;
};

}  // namespace stalemark
