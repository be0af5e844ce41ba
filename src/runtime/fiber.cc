// SPDX-License-Identifier: Apache-2.0
#include "runtime/fiber.h"

#include <stdexcept>
#include <utility>

namespace stalemark {
namespace {

namespace context = boost::context;

// Of a stack without a guard page.
constexpr std::size_t margin_bytes = std::size_t{16} * 1024;

}  // namespace

// The stack, as Boost asks for it.
class Fiber::Place {
public:
    explicit Place(const Stack& stack) : stack_(stack) {}

    context::stack_context allocate() const {
        context::stack_context made;
        made.size = stack_.bytes;
        made.sp = stack_.bottom + stack_.bytes;
        return made;
    }
    void deallocate(context::stack_context& /*made*/) const {}

private:
    Stack stack_;
};

Fiber::Fiber() : books_(FiberBooks::Of::thread) {}

Fiber::Fiber(const Stack& stack, std::function<Fiber&()> body)
    : full_at_(stack.has_guard_page ? nullptr : stack.bottom + margin_bytes),
      body_(std::move(body)),
      bounds_{stack.bottom, stack.bytes},
      books_(FiberBooks::Of::fiber) {
    rest_ = context::fiber(std::allocator_arg, Place(stack),
                           [this](context::fiber&& from) { return live(std::move(from)); });
}

Fiber::~Fiber() {
    if (!rest_) return;
    // Boost leaves the stack of one that has not begun by an exception of its own.
    FiberBooks before(FiberBooks::Of::thread);
    books_.open();
    rest_ = context::fiber();
    before.open();
}

context::fiber Fiber::live(context::fiber&& from) {
    has_begun_ = true;
    arrive();
    came_from_->rest_ = std::move(from);
    Fiber& next = body_();
    next.came_from_ = this;
    notes_.end_for(next.bounds_);
    next.exceptions_.arrive();
    return std::move(next.rest_);
}

void Fiber::arrive() { came_from_->bounds_ = notes_.arrive(); }

void Fiber::switch_to(Fiber& to) {
    if (static_cast<const char*>(__builtin_frame_address(0)) < full_at_) {
        throw std::logic_error("a task has nearly filled its stack");
    }
    to.came_from_ = this;
    notes_.leave_for(to.bounds_);
    exceptions_.leave_for(to.exceptions_);
    to.books_.open();
    context::fiber from = std::move(to.rest_).resume();
    books_.open();  // A fiber that has ended could not: its last frames go on its own books.
    arrive();
    came_from_->rest_ = std::move(from);
}

}  // namespace stalemark
