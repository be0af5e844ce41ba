// SPDX-License-Identifier: Apache-2.0
// Something that each task has for itself: found by the task's slot, so that a task writes to
// it without a lock, and another sums them all.

#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "runtime/runtime.h"

namespace stalemark {

// A task that takes over the slot of one that has ended takes over what is there, too. Calls
// from outside of all tasks share one.
template <typename T>
class PerTask {
public:
    explicit PerTask(const Runtime& runtime) : runtime_(runtime) {}
    ~PerTask() {
        for (auto& block : blocks_) delete[] block.load();
    }
    PerTask(const PerTask&) = delete;
    PerTask& operator=(const PerTask&) = delete;

    // Of the task that calls. Stays where it is.
    T& mine() {
        const Task* const task = runtime_.self();
        const std::uint32_t slot = task != nullptr ? task->slot : 0;
        const std::size_t shifted = slot + first_size;
        const auto number = static_cast<std::size_t>(std::bit_width(shifted)) - first_width;
        T* block = blocks_[number].load(std::memory_order_acquire);
        if (block == nullptr) [[unlikely]]
            block = make_block(number);
        return block[shifted - size_of(number)];
    }

    // Shows each: of tasks that live and of slots that are free.
    template <typename See>
    void for_each(See see) const {
        for (std::size_t number = 0; number < blocks_.size(); ++number) {
            const T* const block = blocks_[number].load(std::memory_order_acquire);
            for (std::size_t i = 0; block != nullptr && i < size_of(number); ++i) see(block[i]);
        }
    }

private:
    // Blocks double in size, so that none moves: block b is for slots from 64 * (2^b - 1) on.
    static constexpr std::size_t first_size = 64;
    static constexpr std::size_t first_width = std::bit_width(first_size);
    static constexpr std::size_t size_of(std::size_t number) { return first_size << number; }

    [[gnu::noinline]] T* make_block(std::size_t number) {
        const std::lock_guard lock(guard_);
        T* block = blocks_[number].load(std::memory_order_acquire);
        if (block == nullptr) {
            block = new T[size_of(number)]();
            blocks_[number].store(block, std::memory_order_release);
        }
        return block;
    }

    const Runtime& runtime_;
    std::mutex guard_;  // Of making blocks.
    std::array<std::atomic<T*>, 27> blocks_ = {};
};

}  // namespace stalemark
