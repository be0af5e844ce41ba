// SPDX-License-Identifier: Apache-2.0
// Memory for the stacks of fibers: taken from the operating system as address space, filled
// page by page as a stack grows, and used again when a fiber has ended. For one thread.

#pragma once

#include <cstddef>
#include <vector>

namespace stalemark {

// Grows from its top, `bottom + bytes`, down.
struct Stack {
    char* bottom = nullptr;
    std::size_t bytes = 0;
    bool has_guard_page = false;  // Below it: ends the program when the stack overflows.
};

class Stacks {
public:
    explicit Stacks(std::size_t bytes_each);
    ~Stacks();

    Stacks(const Stacks&) = delete;
    Stacks& operator=(const Stacks&) = delete;

    // Throws std::bad_alloc if there is no room.
    Stack take(bool has_guard_page);
    void give_back(const Stack& stack);

private:
    struct Region {
        char* begin;
        std::size_t bytes;
    };

    char* map(std::size_t bytes);

    const std::size_t bytes_each_;
    std::vector<Region> regions_;
    std::vector<Stack> free_[2];  // Without and with a guard page.
};

}  // namespace stalemark
