// SPDX-License-Identifier: Apache-2.0
// Caches that race with their store in the three ways of textbooks, for real threads to use:
// toys that hold nothing but the headers that a read would see.

#pragma once

#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "core/random.h"
#include "measure/oracle.h"

namespace stalemark {

enum class Race {
    cache_aside,      // A fill may land after the erase of a write that overtook it.
    write_through,    // A fill may land after the new value of such a write.
    no_invalidation,  // A copy stays until it is evicted.
};

class RacyCache {
public:
    RacyCache(Race race, std::size_t keys) : race_(race), store_(keys), cache_(keys) {}

    void store(Key key, const Seen& seen) { store_[index_of(key)].set(seen); }

    void write(Key key, const Seen& seen, Random& random) {
        store(key, seen);
        dawdle(random);
        if (race_ == Race::cache_aside) cache_[index_of(key)].forget();
        if (race_ == Race::write_through) cache_[index_of(key)].set(seen);
    }

    Seen read(Key key, Random& random) {
        const bool is_evicted = random.below(16) == 0;
        const auto cached = cache_[index_of(key)].get();
        if (cached && !is_evicted) return *cached;
        const Seen stored = *store_[index_of(key)].get();
        dawdle(random);
        cache_[index_of(key)].set(stored);
        return stored;
    }

private:
    // Something seen, or nothing known.
    class Cell {
    public:
        std::optional<Seen> get() {
            const std::lock_guard lock(guard_);
            return content_;
        }
        void set(const Seen& seen) {
            const std::lock_guard lock(guard_);
            content_ = seen;
        }
        void forget() {
            const std::lock_guard lock(guard_);
            content_.reset();
        }

    private:
        std::mutex guard_;
        std::optional<Seen> content_;
    };

    static void dawdle(Random& random) {
        if (random.below(4) == 0) std::this_thread::yield();
    }

    const Race race_;
    std::vector<Cell> store_;
    std::vector<Cell> cache_;
};

}  // namespace stalemark
