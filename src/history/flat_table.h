// SPDX-License-Identifier: Apache-2.0
// A hash table of open addressing with linear probing, at most three quarters full, that can
// bring the place of a key near the processor before it is asked for.

#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace stalemark {

// `Entry` is default constructible and has is_free(), hash() and belongs_to(const Key&). A
// default constructed one is free.
template <typename Entry>
class FlatTable {
public:
    // The entry that belongs to the key; nullptr: there is none.
    template <typename Key>
    Entry* find(const Key& key, std::uint64_t hash) {
        if (entries_.empty()) return nullptr;
        for (std::size_t i = hash & mask(); !entries_[i].is_free(); i = (i + 1) & mask()) {
            if (entries_[i].belongs_to(key)) return &entries_[i];
        }
        return nullptr;
    }

    // Adds an entry for whose key there is none yet. Pointers to others are void then.
    Entry& add(Entry entry) {
        if ((size_ + 1) * 4 > entries_.size() * 3) grow();
        ++size_;
        return put(std::move(entry));
    }

    void remove(Entry* entry) {
        auto hole = static_cast<std::size_t>(entry - entries_.data());
        for (std::size_t i = (hole + 1) & mask(); !entries_[i].is_free();
             i = (i + 1) & mask()) {
            // It may move into the hole if that lies on the way from its home to where it is.
            const std::size_t home = entries_[i].hash() & mask();
            if (((i - home) & mask()) < ((i - hole) & mask())) continue;
            entries_[hole] = std::move(entries_[i]);
            hole = i;
        }
        entries_[hole] = Entry();
        --size_;
    }

    void fetch(std::uint64_t hash) const {
        if (entries_.empty()) return;
        const char* const place = reinterpret_cast<const char*>(&entries_[hash & mask()]);
        for (std::size_t at = 0; at < sizeof(Entry); at += 64) __builtin_prefetch(place + at);
    }

    std::size_t size() const { return size_; }
    std::size_t memory_bytes() const { return entries_.capacity() * sizeof(Entry); }

private:
    std::size_t mask() const { return entries_.size() - 1; }

    Entry& put(Entry entry) {
        std::size_t i = entry.hash() & mask();
        while (!entries_[i].is_free()) i = (i + 1) & mask();
        entries_[i] = std::move(entry);
        return entries_[i];
    }

    void grow() {
        std::vector<Entry> old(entries_.empty() ? 16 : entries_.size() * 2);
        old.swap(entries_);
        for (Entry& entry : old) {
            if (!entry.is_free()) put(std::move(entry));
        }
    }

    std::vector<Entry> entries_;
    std::size_t size_ = 0;
};

}  // namespace stalemark
