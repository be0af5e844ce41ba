// SPDX-License-Identifier: Apache-2.0
// How many reads of each key are under way, and the most at once.
//
// A read that finds no other of its key under way is the first; the others have joined it. Of
// one key no two firsts are under way at once, so that the end of a first is a plain store, and
// a read that meets no other costs one atomic step, on a line that belongs to its key.
//
// Any number of tasks may begin and end reads at once. A read whose begin() meets the end() of
// another may count it or not; all else is exact.

#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "core/types.h"

namespace stalemark {

class ReadsUnderWay {
public:
    explicit ReadsUnderWay(std::uint64_t keys) : counts_(std::make_unique<Counts[]>(keys)) {}

    // Begins to bring near the processor what a read of `key` touches.
    // (Inlined, or g++ 12 takes a function that only fetches for one without effect.)
    [[gnu::always_inline]] void fetch(Key key) const {
        __builtin_prefetch(&counts_[index_of(key)], 1);
    }

    struct Begun {
        bool is_first = false;     // What end() must know.
        std::uint32_t others = 0;  // Of its key, that were under way when it began.
    };

    // A read begins: in two steps, between which any number of others may begin and end.
    Begun begin(Key key) { return begin(key, ended(key)); }

    // The first step: how many firsts have ended.
    std::uint32_t ended(Key key) const {
        return counts_[index_of(key)].ended.load(std::memory_order_acquire);
    }

    // The second, with the answer of the first.
    Begun begin(Key key, std::uint32_t ended) {
        const std::uint32_t begun =
            counts_[index_of(key)].begun.fetch_add(1, std::memory_order_acq_rel);
        if (begun != ended) [[unlikely]]
            return join(key, begun);
        if (most_.load(std::memory_order_relaxed) == 0) raise(1);
        return {.is_first = true};
    }

    // It ends.
    void end(Key key, const Begun& read) {
        Counts& counts = counts_[index_of(key)];
        if (read.is_first) {
            counts.ended.store(counts.ended.load(std::memory_order_relaxed) + 1,
                               std::memory_order_release);
        } else {
            counts.begun.fetch_sub(1, std::memory_order_acq_rel);
        }
    }

    // The most reads of one key that were under way at once since the last call, those included
    // that were under way then and still are. `is_any()`: whether any read is under way now.
    template <typename IsAny>
    std::uint32_t take_most(IsAny is_any) {
        const std::uint32_t most = most_.exchange(0);
        // Afterwards, since a read that begins meanwhile notes itself.
        const std::uint32_t crowd = largest_crowd();
        raise(crowd > 0 ? crowd : is_any() ? 1 : 0);
        return most;
    }

private:
    // Reads under way are the difference. Both wrap around.
    struct Counts {
        std::atomic<std::uint32_t> begun = 0;  // Without those that joined and have ended.
        std::atomic<std::uint32_t> ended = 0;  // Of the firsts.

        std::uint32_t under_way() const {
            while (true) {
                const std::uint32_t firsts = ended.load(std::memory_order_acquire);
                const std::uint32_t reads = begun.load(std::memory_order_acquire) - firsts;
                if (ended.load(std::memory_order_acquire) == firsts) return reads;
            }
        }
    };

    // `ended` is read anew: any number of reads may have come and gone since begin() read it.
    // From `begun` on none is a first, so that it has grown by one at most.
    [[gnu::noinline]] Begun join(Key key, std::uint32_t begun) {
        const std::uint32_t others = begun - ended(key);
        if (others > 0) {
            const std::lock_guard lock(guard_);
            crowded_.insert(key);
        }
        raise(others + 1);
        return {.is_first = false, .others = others};
    }

    void raise(std::uint32_t reads) {
        std::uint32_t most = most_.load(std::memory_order_relaxed);
        while (most < reads && !most_.compare_exchange_weak(most, reads)) {
        }
    }

    // 0: no two reads of a key are under way.
    std::uint32_t largest_crowd() {
        const std::lock_guard lock(guard_);
        std::uint32_t largest = 0;
        std::erase_if(crowded_, [&](Key key) {
            const std::uint32_t reads = counts_[index_of(key)].under_way();
            largest = std::max(largest, reads);
            return reads < 2;
        });
        return largest < 2 ? 0 : largest;
    }

    const std::unique_ptr<Counts[]> counts_;
    std::atomic<std::uint32_t> most_ = 0;
    // Apart from what reads that meet no other look at.
    alignas(64) std::mutex guard_;
    std::unordered_set<Key> crowded_;  // Keys that two reads have met on, since it was looked.
};

}  // namespace stalemark
