// SPDX-License-Identifier: Apache-2.0
// What is remembered of the versions that no read can see any more without being stale, and of
// those whose write may still take effect and which no read has seen yet.
//
// So many at most: of more, those that came first are forgotten, and a read of such a version
// is then known to be no legal one, or undecided, but not which of the two kinds of anomaly.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "history/flat_table.h"
#include "history/history_operation.h"

namespace stalemark {

class OverwrittenVersions {
public:
    struct Entry {
        HistoryOperation write;
        HistoryOperation replacement;  // Not of a write that may still take effect.
        bool is_taken = false;

        bool is_free() const { return !is_taken; }
        std::uint64_t hash() const { return hash_of(write.key, write.version); }
        bool belongs_to(const HistoryOperation& other) const {
            return write.key == other.key && write.version == other.version;
        }
    };

    explicit OverwrittenVersions(std::size_t most) : most_(most) {}

    // Of the version that the operation reads or writes.
    Entry* find(const HistoryOperation& operation) {
        return table_.find(operation, hash_of(operation.key, operation.version));
    }

    void add(const HistoryOperation& write, const HistoryOperation& replacement) {
        while (order_.size() >= most_) forget_first();
        if (most_ == 0) {
            mark_forgotten(write);
            return;
        }
        table_.add({write, replacement, true});
        order_.push_back({write.version, write.key});
    }

    // Takes an entry out; it is not forgotten.
    void remove(Entry* entry) { table_.remove(entry); }

    // Whether versions of the key have been forgotten: that were overwritten, or whose write
    // may have taken effect later.
    bool has_forgotten(std::uint32_t key) const {
        return key < forgotten_.size() && forgotten_[key] != Forgotten::none;
    }
    bool has_forgotten_unknown(std::uint32_t key) const {
        return key < forgotten_.size() && forgotten_[key] == Forgotten::unknown_write;
    }

    std::size_t memory_bytes() const {
        return table_.memory_bytes() + order_.size() * sizeof(order_.front()) +
               forgotten_.capacity();
    }

private:
    enum class Forgotten : std::uint8_t { none, overwritten, unknown_write };
    struct Place {
        Name version;
        std::uint32_t key = 0;
    };

    static std::uint64_t hash_of(std::uint32_t key, const Name& version) {
        return mix(version.hash() + key);
    }

    void forget_first() {
        if (order_.empty()) return;
        const Place place = order_.front();
        order_.pop_front();
        Entry* const entry = find({.version = place.version, .key = place.key});
        if (entry == nullptr) return;  // It was taken out.
        mark_forgotten(entry->write);
        table_.remove(entry);
    }

    void mark_forgotten(const HistoryOperation& write) {
        if (write.key >= forgotten_.size()) forgotten_.resize(write.key + std::size_t{1});
        const Forgotten kind =
            write.is_unknown() ? Forgotten::unknown_write : Forgotten::overwritten;
        forgotten_[write.key] = std::max(forgotten_[write.key], kind);
    }

    std::size_t most_;
    FlatTable<Entry> table_;
    std::deque<Place> order_;
    std::vector<Forgotten> forgotten_;  // By key.
};

}  // namespace stalemark
