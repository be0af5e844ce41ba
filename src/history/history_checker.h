// SPDX-License-Identifier: Apache-2.0
// Judges a history of many keys as it streams by.
//
// Memory is needed for the keys, for the pairs of a client and a key that it used, for the
// operations in the window, and for the versions that are remembered.

#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "history/findings.h"
#include "history/key_history.h"
#include "history/name_index.h"

namespace stalemark {

struct CheckSettings {
    // By so many places may an operation come later than by the instant at which it began; 0:
    // by any number, and all are kept until the last has come.
    std::size_t window = 16'384;

    // Overwritten versions, and those of writes without an answer, that are remembered.
    std::size_t remembered = 1'000'000;

    // Anomalies of each class that are kept; all are counted.
    std::size_t worst = 10;
};

// The operation began before one that is judged already.
struct TooLate {
    HistoryOperation operation;
    std::uint32_t judged_line = 0;
};

class HistoryChecker {
public:
    explicit HistoryChecker(const CheckSettings& settings);
    HistoryChecker(const HistoryChecker&) = delete;
    HistoryChecker& operator=(const HistoryChecker&) = delete;

    NameIndex& keys() { return keys_; }
    NameIndex& clients() { return clients_; }
    const NameIndex& keys() const { return keys_; }
    const NameIndex& clients() const { return clients_; }

    // What every key holds at first; absent, if it is not called.
    void set_initial(const Name& version) { initial_ = version; }

    // What one key holds at first. Requires: the key is the last that keys() has numbered, and
    // no operation of it has come.
    void set_initial_of_newest(const Name& version);

    // Operations may come in any order from here on, and all are kept until the last has come.
    void take_any_order() { full_ = std::numeric_limits<std::size_t>::max(); }

    // The members `key` and `client` are numbers from keys() and clients(). Throws TooLate, or
    // RepeatedVersion of this or an earlier operation.
    void add(const HistoryOperation& operation) {
        is_sorted_ = is_sorted_ && operation.began >= newest_;
        newest_ = operation.began;
        window_.push_back(operation);
        if (window_.size() >= full_) judge_half();
    }

    // Of operations that were made and are not in the history.
    void add_lost(std::uint64_t operations) { findings_.lost_operations += operations; }

    // The system was disturbed then. Answers false if what began later is judged already.
    bool add_fault(FaultInterval fault) {
        if (fault.began < judged_began_) return false;
        findings_.add_fault(std::move(fault));
        return true;
    }

    // All have come. Throws as add() does.
    void finish();

    const Findings& findings() const { return findings_; }
    std::size_t memory_bytes() const;

private:
    void judge_half();
    void sort_window();
    void judge_first(std::size_t operations);
    void fetch(const HistoryOperation& operation);
    KeyHistory& history_of(std::uint32_t key);

    NameIndex keys_;
    NameIndex clients_;
    Name initial_;
    std::size_t window_size_;
    std::size_t full_;
    std::vector<HistoryOperation> window_;
    HistoryTime newest_ = before_history;  // Began last of those that came last.
    bool is_sorted_ = true;
    HistoryTime judged_began_ = before_history;
    std::uint32_t judged_line_ = 0;

    std::vector<KeyHistory> histories_;      // By key.
    std::vector<HistoryTime> clients_busy_;  // By client: until when.
    Findings findings_;
    SessionViews sessions_;
    OverwrittenVersions overwritten_;
};

}  // namespace stalemark
