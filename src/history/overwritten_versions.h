// SPDX-License-Identifier: Apache-2.0
// What is remembered of the versions that no read can see any more without being stale, and of
// those whose write may still take effect and which no read has seen yet.
//
// So many at most: of more, those that came first are forgotten, and a read of such a version
// is then known to be no legal one, or undecided, but not which of the two kinds of anomaly.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "history/flat_table.h"
#include "history/history_operation.h"

namespace stalemark {

class OverwrittenVersions {
public:
    struct Record {
        HistoryOperation write;
        HistoryOperation replacement;  // Not of a write that may still take effect.
        bool is_kept = false;
    };

    explicit OverwrittenVersions(std::size_t most) : most_(most) {}

    // Of the version that the operation reads or writes.
    const Record* find(const HistoryOperation& operation) {
        const Slot* const slot = slot_of(operation);
        return slot == nullptr ? nullptr : &records_[slot->record];
    }

    void fetch(const HistoryOperation& operation) const {
        slots_.fetch(hash_of(operation.key, operation.version));
    }

    void add(const HistoryOperation& write, const HistoryOperation& replacement) {
        if (most_ == 0) {
            mark_forgotten(write);
            return;
        }
        if (records_.size() < most_) {
            records_.push_back({write, replacement, true});
        } else {
            Record& oldest = records_[next_];
            if (oldest.is_kept) {
                mark_forgotten(oldest.write);
                slots_.remove(slot_of(oldest.write));
            }
            oldest = {write, replacement, true};
        }
        slots_.add({hash_of(write.key, write.version), static_cast<std::uint32_t>(next_)});
        next_ = next_ + 1 == most_ ? 0 : next_ + 1;
    }

    // Takes the version out; it is not forgotten.
    void remove(const HistoryOperation& operation) {
        Slot* const slot = slot_of(operation);
        records_[slot->record].is_kept = false;
        slots_.remove(slot);
    }

    // Whether versions of the key have been forgotten.
    bool has_forgotten(std::uint32_t key) const {
        return key < forgotten_.size() && forgotten_[key];
    }

    std::size_t memory_bytes() const {
        return slots_.memory_bytes() + records_.capacity() * sizeof(Record) +
               forgotten_.capacity() / 8;
    }

private:
    struct Wanted {
        std::uint32_t hash;
        const std::vector<Record>& records;
        const HistoryOperation& operation;
    };

    // Small, so that most of them lie near the processor.
    struct Slot {
        std::uint32_t low_hash = 0;
        std::uint32_t record = 0xffffffff;  // That: it is free.

        bool is_free() const { return record == 0xffffffff; }
        std::uint64_t hash() const { return low_hash; }
        bool belongs_to(const Wanted& wanted) const {
            if (low_hash != wanted.hash) return false;
            const HistoryOperation& write = wanted.records[record].write;
            return write.key == wanted.operation.key &&
                   write.version == wanted.operation.version;
        }
    };

    static std::uint32_t hash_of(std::uint32_t key, const Name& version) {
        return static_cast<std::uint32_t>(mix(version.hash() + key));
    }

    Slot* slot_of(const HistoryOperation& operation) {
        const std::uint32_t hash = hash_of(operation.key, operation.version);
        return slots_.find(Wanted{hash, records_, operation}, hash);
    }

    void mark_forgotten(const HistoryOperation& write) {
        if (write.key >= forgotten_.size()) forgotten_.resize(write.key + std::size_t{1});
        forgotten_[write.key] = true;
    }

    std::size_t most_;
    FlatTable<Slot> slots_;
    std::vector<Record> records_;  // A ring when it is full.
    std::size_t next_ = 0;         // Of them, to be written.
    std::vector<bool> forgotten_;  // By key.
};

}  // namespace stalemark
