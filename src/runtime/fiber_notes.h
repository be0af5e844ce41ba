// SPDX-License-Identifier: Apache-2.0
// What the sanitizers have to be told of a fiber: AddressSanitizer where its stack lies and
// when another goes on, ThreadSanitizer which one goes on. Nothing in other builds.

#pragma once

#include <cstddef>
#include <cstdint>

#include "core/sanitizers.h"

#ifdef STALEMARK_ADDRESS_SANITIZER
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef STALEMARK_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif

namespace stalemark {

class FiberNotes {
public:
    // Where a fiber's stack lies. Of the thread's own it is known once another was switched to.
    struct Bounds {
        const void* bottom = nullptr;
        std::size_t bytes = 0;
    };

#ifdef STALEMARK_ADDRESS_SANITIZER
    void leave_for(const Bounds& to) {
        __sanitizer_start_switch_fiber(&fake_stack_, to.bottom, to.bytes);
    }
    void end_for(const Bounds& to) {
        __sanitizer_start_switch_fiber(nullptr, to.bottom, to.bytes);
    }
    Bounds arrive() {  // Where it came from.
        Bounds from;
        __sanitizer_finish_switch_fiber(fake_stack_, &from.bottom, &from.bytes);
        return from;
    }

private:
    void* fake_stack_ = nullptr;
#else
    void leave_for(const Bounds& /*to*/) {}
    void end_for(const Bounds& /*to*/) {}
    Bounds arrive() { return {}; }
#endif
};

// The books that ThreadSanitizer keeps of a fiber: which frames it has entered. open() must be
// inlined, or the frame of the teller would be entered on one fiber's books and left on
// another's.
class FiberBooks {
public:
#ifdef STALEMARK_THREAD_SANITIZER
    enum class Of : std::uint8_t { thread, fiber };
    explicit FiberBooks(Of whom)
        : own_(whom == Of::fiber ? __tsan_create_fiber(0) : nullptr),
          books_(own_ ? own_ : __tsan_get_current_fiber()) {}
    ~FiberBooks() {
        if (own_) __tsan_destroy_fiber(own_);
    }
    FiberBooks(const FiberBooks&) = delete;
    FiberBooks& operator=(const FiberBooks&) = delete;

    [[gnu::always_inline]] void open() { __tsan_switch_to_fiber(books_, 0); }

private:
    void* own_;
    void* books_;
#else
    enum class Of : std::uint8_t { thread, fiber };
    explicit FiberBooks(Of /*whom*/) {}
    void open() {}
#endif
};

}  // namespace stalemark
