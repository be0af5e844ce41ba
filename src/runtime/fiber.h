// A function with a stack of its own, which can stop in the middle and go on later.

#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace stalemark {

class Fiber {
public:
    struct Stack {
        std::size_t bytes = 0;  // Of address space; memory is taken page by page as it is used.
        // A page below it that ends the program when the stack overflows. Without one, yield()
        // throws std::logic_error if the stack is nearly full.
        bool has_guard_page = true;
    };

    // Throws std::bad_alloc if there is no room for the stack.
    Fiber(const Stack& stack, std::function<void()> body);

    // A fiber that has not come to its end is unwound: its destructors run.
    ~Fiber();

    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    // From outside: runs the fiber until it yields or its body returns. Answers whether it has
    // more.
    bool resume();

    // From inside.
    void yield();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace stalemark
