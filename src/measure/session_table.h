// What one session has done to its recent keys, for read-your-writes and monotonic reads.
//
// Direct-mapped: two keys may compete for a place, and then the older memory is lost. So
// verdicts are lower bounds, and coverage says how many reads found their key. Keys less than
// `places` apart never compete.

#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/types.h"

namespace stalemark {

class SessionTable {
public:
    struct Entry {
        std::uint64_t key_plus_1 = 0;  // 0: empty.
        std::uint32_t own = 0;         // Largest invocation of its own acknowledged writes.
        std::uint32_t seen = 0;        // Largest invocation of the versions it has read.
    };

    // Requires: places is a power of two.
    explicit SessionTable(std::size_t places = 4'096) : entries_(places) {}

    // The entry of `key`, or nullptr if it has none.
    const Entry* find(Key key) const {
        const Entry& entry = entries_[place_of(key)];
        return entry.key_plus_1 == index_of(key) + 1 ? &entry : nullptr;
    }

    // Begins to bring the place of `key` near the processor.
    [[gnu::always_inline]] void fetch(Key key) const {
        __builtin_prefetch(&entries_[place_of(key)]);
    }

    void note_write(Key key, std::uint32_t invocation) {
        Entry& entry = claim(key);
        if (invocation > entry.own) entry.own = invocation;
    }

    void note_read(Key key, std::uint32_t invocation) {
        Entry& entry = claim(key);
        if (invocation > entry.seen) entry.seen = invocation;
    }

private:
    Entry& claim(Key key) {
        Entry& entry = entries_[place_of(key)];
        if (entry.key_plus_1 != index_of(key) + 1) entry = {.key_plus_1 = index_of(key) + 1};
        return entry;
    }

    std::size_t place_of(Key key) const { return index_of(key) & (entries_.size() - 1); }

    std::vector<Entry> entries_;
};

}  // namespace stalemark
