#include "runtime/fiber.h"

#include <stdexcept>
#include <utility>

namespace stalemark {
namespace {

namespace context = boost::context;

constexpr std::size_t margin_bytes =
    std::size_t{16} * 1024;  // Of a stack without a guard page.

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

// Noted even where the fiber is being unwound.
struct Fiber::Arrival {
    Fiber& own;
    ~Arrival() { own.arrive(); }
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
    FiberBooks before(FiberBooks::Of::thread);
    FiberNotes notes;
    came_from_ = nullptr;
    // Boost unwinds it by a switch of its own.
    if (has_begun_) notes.leave_for(bounds_);
    books_.open();
    rest_ = context::fiber();
    before.open();
    if (has_begun_) notes.arrive();
}

context::fiber Fiber::live(context::fiber&& from) {
    has_begun_ = true;
    arrive();
    came_from_->rest_ = std::move(from);
    const auto end_for = [this](const FiberNotes::Bounds& next) { notes_.end_for(next); };
    try {
        Fiber& next = body_();
        next.came_from_ = this;
        end_for(next.bounds_);
        return std::move(next.rest_);
    } catch (const context::detail::forced_unwind&) {
        end_for(bounds_before_);
        throw;
    }
}

void Fiber::arrive() {
    bounds_before_ = notes_.arrive();
    if (came_from_ != nullptr) came_from_->bounds_ = bounds_before_;
}

void Fiber::switch_to(Fiber& to) {
    if (static_cast<const char*>(__builtin_frame_address(0)) < full_at_) {
        throw std::logic_error("a task has nearly filled its stack");
    }
    to.came_from_ = this;
    const Arrival arrival{*this};
    notes_.leave_for(to.bounds_);
    to.books_.open();
    context::fiber from = std::move(to.rest_).resume();
    books_.open();  // A fiber that has ended could not: its last frames go on its own books.
    came_from_->rest_ = std::move(from);
}

}  // namespace stalemark
