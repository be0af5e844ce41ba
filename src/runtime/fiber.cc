#include "runtime/fiber.h"

#include <sys/mman.h>

#include <boost/context/fiber.hpp>
#include <new>
#include <stdexcept>
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

constexpr std::size_t page_bytes = 4'096;
constexpr std::size_t margin_bytes = 4 * page_bytes;  // Of a stack without a guard page.

// The memory that a fiber runs on, as the sanitizers want to know it.
struct Bounds {
    const void* bottom = nullptr;
    std::size_t size = 0;
};

// AddressSanitizer follows a fiber only if told of every switch.
class SwitchNotes {
public:
#if defined(__SANITIZE_ADDRESS__)
    void leave(const Bounds& to) { __sanitizer_start_switch_fiber(&fake_, to.bottom, to.size); }
    void arrive(Bounds* from) {
        __sanitizer_finish_switch_fiber(fake_, from ? &from->bottom : nullptr,
                                        from ? &from->size : nullptr);
    }

private:
    void* fake_ = nullptr;
#else
    void leave(const Bounds& /*to*/) {}
    void arrive(Bounds* /*from*/) {}
#endif
};

// Hands out the one stack of a fiber, and lets its bounds be known.
class StackMaker {
public:
    StackMaker(const Fiber::Stack& stack, Bounds& bounds) : stack_(stack), bounds_(&bounds) {}

    context::stack_context allocate() {
        const std::size_t size = (stack_.bytes + page_bytes - 1) / page_bytes * page_bytes;
        void* const bottom = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (bottom == MAP_FAILED) throw std::bad_alloc();
        if (stack_.has_guard_page) ::mprotect(bottom, page_bytes, PROT_NONE);
        *bounds_ = {bottom, size};
        context::stack_context made;
        made.size = size;
        made.sp = static_cast<char*>(bottom) + size;
        return made;
    }
    void deallocate(context::stack_context& made) {
        ::munmap(static_cast<char*>(made.sp) - made.size, made.size);
    }

private:
    Fiber::Stack stack_;
    Bounds* bounds_;
};

}  // namespace

struct Fiber::Context {
    Context(const Stack& stack, std::function<void()> work)
        : body(std::move(work)),
          has_guard_page(stack.has_guard_page),
          inside(std::allocator_arg, StackMaker(stack, inside_stack),
                 [this](context::fiber&& caller) {
                     has_begun = true;
                     notes_inside.arrive(&outside_stack);
                     const Departure departure{*this};
                     outside = std::move(caller);
                     body();
                     done = true;
                     return std::move(outside);
                 }) {
#if defined(__SANITIZE_THREAD__)
        tsan_inside = __tsan_create_fiber(0);
#endif
    }

    ~Context() {
        if (inside) {  // Boost unwinds it by a switch of its own.
            if (has_begun) notes_outside.leave(inside_stack);
            enter_thread_sanitizer();
            inside = context::fiber();
            leave_thread_sanitizer();
            if (has_begun) notes_outside.arrive(nullptr);
        }
#if defined(__SANITIZE_THREAD__)
        __tsan_destroy_fiber(tsan_inside);
#endif
    }

    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    // The last switch out of the fiber and the one into it, noted even where the fiber is being
    // unwound.
    struct Departure {
        Context& own;
        ~Departure() { own.notes_inside.leave(own.outside_stack); }
    };
    struct Arrival {
        Context& own;
        ~Arrival() { own.notes_inside.arrive(&own.outside_stack); }
    };

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
    bool has_begun = false;
    bool done = false;
    const bool has_guard_page;
    Bounds inside_stack;
    Bounds outside_stack;
    SwitchNotes notes_inside;
    SwitchNotes notes_outside;
    context::fiber outside;
    context::fiber inside;
};

Fiber::Fiber(const Stack& stack, std::function<void()> body)
    : context_(std::make_unique<Context>(stack, std::move(body))) {}

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
    const auto* const here = static_cast<const char*>(__builtin_frame_address(0));
    if (!own.has_guard_page &&
        here < static_cast<const char*>(own.inside_stack.bottom) + margin_bytes) {
        throw std::logic_error("a task has nearly filled its stack");
    }
    own.notes_inside.leave(own.outside_stack);
    const Context::Arrival arrival{own};
    own.outside = std::move(own.outside).resume();
}

}  // namespace stalemark
