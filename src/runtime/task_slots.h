// SPDX-License-Identifier: Apache-2.0
// The slots of the tasks that live: small numbers, each given to one task at a time.

#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

namespace stalemark {

// Any number of threads may use it at once.
class TaskSlots {
public:
    // One that nobody has, from 1 on: the last that was given back, or the next.
    std::uint32_t take() {
        const std::lock_guard lock(guard_);
        if (free_.empty()) return ++made_;
        const std::uint32_t slot = free_.back();
        free_.pop_back();
        return slot;
    }

    void give_back(std::uint32_t slot) {
        const std::lock_guard lock(guard_);
        free_.push_back(slot);
    }

private:
    std::mutex guard_;
    std::vector<std::uint32_t> free_;
    std::uint32_t made_ = 0;
};

}  // namespace stalemark
