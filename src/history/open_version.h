// SPDX-License-Identifier: Apache-2.0
// A version of a key and the reads of it, as far as order depends on them, and the test for two
// versions that no order of the operations explains.
//
// All operations of one version must stand together in a linear order. So must all of version i
// come before all of version j if some operation of i ended before some of j began:
// first_ended(i) < last_began(j). A history of one register, in which every version is written
// once, is linearizable if and only if no two versions must each come before the other, no read
// is of a version never written, and none ended before its write began (Gibbons and Korach,
// "Testing Shared Memories", SIAM J. Computing 26, 1997, in the form of zones; Golab, Li and
// Shah, PODC 2011. A longer cycle always has two neighbours that conflict: the version of the
// cycle that began last, and the one after it.)

#pragma once

#include <algorithm>
#include <memory>

#include "history/history_operation.h"

namespace stalemark {

// The operations of a version that is forgotten, as far as others still conflict with it.
struct ForgottenZone {
    HistoryOperation first;
    HistoryOperation last;
    HistoryTime write_began = before_history;
};

struct OpenVersion {
    explicit OpenVersion(const HistoryOperation& made_by)
        : version(made_by.version),
          first_ended(made_by.ended),
          last_began(made_by.began),
          write(made_by),
          first(made_by),
          last(made_by) {
        replacement.ended = after_history;
    }

    Name version;
    HistoryTime first_ended;  // Of write and reads.
    HistoryTime last_began;
    HistoryOperation write;
    HistoryOperation first;        // The one that ended first...
    HistoryOperation last;         // ...and the one that began last.
    HistoryOperation replacement;  // Of the writes that this one precedes, the first to end.

    // What every further read conflicts with; nullptr: nothing yet.
    std::unique_ptr<ForgottenZone> forgotten_conflict;

    bool is_stale_for(const HistoryOperation& read) const { return replacement.precedes(read); }

    void note_write(const HistoryOperation& other) {
        if (write.precedes(other) && other.ended < replacement.ended) replacement = other;
    }

    void accept(const HistoryOperation& read) {
        if (read.ended < first_ended) {
            first_ended = read.ended;
            first = read;
        }
        if (read.began > last_began) {
            last_began = read.began;
            last = read;
        }
    }

    // Whether the two must each come before the other, with the read as a further one of this.
    bool conflicts(const OpenVersion& other, const HistoryOperation& read) const {
        return other.first_ended < std::max(last_began, read.began) &&
               std::min(first_ended, read.ended) < other.last_began;
    }
};

}  // namespace stalemark
