// Over all keys: how many reads of one key are under way at most, now. It costs nothing where
// no two reads of a key meet.

#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace stalemark {

class Crowds {
public:
    // The reads of some key that are under way have become `reads`, at least two, from one
    // less.
    void grew(std::uint32_t reads) { change(reads, 1); }

    // They have become one less than `reads`, at least two.
    void shrank(std::uint32_t reads) { change(reads, -1); }

    // 0: no two reads of a key are under way.
    std::uint32_t most() const {
        const std::lock_guard lock(guard_);
        std::size_t reads = keys_.size();
        while (reads > 0 && keys_[reads - 1] <= 0) --reads;
        return reads > 0 ? static_cast<std::uint32_t>(reads + 1) : 0;
    }

private:
    void change(std::uint32_t reads, int by) {
        const std::lock_guard lock(guard_);
        if (keys_.size() < reads - 1) keys_.resize(reads - 1);
        keys_[reads - 2] += by;
    }

    mutable std::mutex guard_;
    // Keys with at least two reads under way, at least three ... Below 0 while a thread tells
    // of an end before another tells of the beginning.
    std::vector<std::int64_t> keys_;
};

}  // namespace stalemark
