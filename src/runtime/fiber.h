// A function with a stack of its own, which can stop in the middle and go on later.

#pragma once

#include <functional>
#include <memory>

namespace stalemark {

class Fiber {
public:
    // The stack is `stack_bytes` large with a guard page below it.
    Fiber(std::size_t stack_bytes, std::function<void()> body);

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
