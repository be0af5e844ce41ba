#include "runtime/fiber.h"

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace stalemark {
namespace {

namespace context = boost::context;

// The stack that a fiber runs on, as the sanitizers want to know it.
struct Stack {
    const void* bottom = nullptr;
    std::size_t size = 0;
};

// AddressSanitizer follows a fiber only if told of every switch.
class SwitchNotes {
public:
#if defined(__SANITIZE_ADDRESS__)
    void leave(const Stack& to) { __sanitizer_start_switch_fiber(&fake_, to.bottom, to.size); }
    void arrive(Stack* from) {
        __sanitizer_finish_switch_fiber(fake_, from ? &from->bottom : nullptr,
                                        from ? &from->size : nullptr);
    }

private:
    void* fake_ = nullptr;
#else
    void leave(const Stack& /*to*/) {}
    void arrive(Stack* /*from*/) {}
#endif
};

// Hands out the one stack that the fiber was given, and lets its bounds be known.
class NotedStack {
public:
    NotedStack(std::size_t bytes, Stack& stack) : stacks_(bytes), stack_(&stack) {}

    context::stack_context allocate() {
        const context::stack_context made = stacks_.allocate();
        *stack_ = {static_cast<const char*>(made.sp) - made.size, made.size};
        return made;
    }
    void deallocate(context::stack_context& stack) { stacks_.deallocate(stack); }

private:
    context::protected_fixedsize_stack stacks_;
    Stack* stack_;
};

}  // namespace

struct Fiber::Context {
    Context(std::size_t stack_bytes, std::function<void()> work)
        : body(std::move(work)),
          inside(std::allocator_arg, NotedStack(stack_bytes, inside_stack),
                 [this](context::fiber&& caller) {
                     notes_inside.arrive(&outside_stack);
                     outside = std::move(caller);
                     body();
                     done = true;
                     notes_inside.leave(outside_stack);
                     return std::move(outside);
                 }) {
#if defined(__SANITIZE_THREAD__)
        tsan_inside = __tsan_create_fiber(0);
#endif
    }

    ~Context() {
        if (inside) {  // Boost unwinds it by a switch of its own.
            notes_outside.leave(inside_stack);
            enter_thread_sanitizer();
            inside = context::fiber();
            leave_thread_sanitizer();
            notes_outside.arrive(nullptr);
        }
#if defined(__SANITIZE_THREAD__)
        __tsan_destroy_fiber(tsan_inside);
#endif
    }

    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    // ThreadSanitizer is told of both switches from outside, where the frame that tells is the
    // same before and after; inlined, or the frame of the teller would be entered on one
    // fiber's books and left on the other's.
#if defined(__SANITIZE_THREAD__)
    [[gnu::always_inline]] void enter_thread_sanitizer() {
        tsan_outside = __tsan_get_current_fiber();
        __tsan_switch_to_fiber(tsan_inside, 0);
    }
    [[gnu::always_inline]] void leave_thread_sanitizer() {
        __tsan_switch_to_fiber(tsan_outside, 0);
    }
    void* tsan_inside = nullptr;
    void* tsan_outside = nullptr;
#else
    void enter_thread_sanitizer() {}
    void leave_thread_sanitizer() {}
#endif

    std::function<void()> body;
    bool done = false;
    Stack inside_stack;
    Stack outside_stack;
    SwitchNotes notes_inside;
    SwitchNotes notes_outside;
    context::fiber outside;
    context::fiber inside;
};

Fiber::Fiber(std::size_t stack_bytes, std::function<void()> body)
    : context_(std::make_unique<Context>(stack_bytes, std::move(body))) {}

Fiber::~Fiber() = default;

bool Fiber::resume() {
    Context& own = *context_;
    own.notes_outside.leave(own.inside_stack);
    own.enter_thread_sanitizer();
    own.inside = std::move(own.inside).resume();
    own.leave_thread_sanitizer();
    own.notes_outside.arrive(nullptr);
    return !own.done;
}

void Fiber::yield() {
    Context& own = *context_;
    own.notes_inside.leave(own.outside_stack);
    own.outside = std::move(own.outside).resume();
    own.notes_inside.arrive(&own.outside_stack);
}

}  // namespace stalemark
