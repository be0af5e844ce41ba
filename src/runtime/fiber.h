// SPDX-License-Identifier: Apache-2.0
// A function with a stack of its own, which can stop in the middle and go on later.

#pragma once

#include <boost/context/fiber.hpp>
#include <functional>

#include "runtime/fiber_exceptions.h"
#include "runtime/fiber_notes.h"
#include "runtime/stacks.h"

namespace stalemark {

class Fiber {
public:
    // The calling thread itself, so that fibers can be switched to from it and it from them.
    Fiber();

    // One that begins when it is first switched to. `body` answers which fiber goes on when it
    // has come to its end; that must have begun. The stack is in use until the fiber is
    // destroyed.
    Fiber(const Stack& stack, std::function<Fiber&()> body);

    // Requires: it has not begun, or has come to its end.
    ~Fiber();

    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    // From inside: stops here and lets `to` go on; returns when another switches back. Throws
    // std::logic_error if the stack is nearly full and has no guard page to tell.
    void switch_to(Fiber& to);

    bool has_begun() const { return has_begun_; }

private:
    class Place;

    boost::context::fiber live(boost::context::fiber&& from);
    void arrive();

    boost::context::fiber rest_;     // What is left of it while it has stopped.
    Fiber* came_from_ = nullptr;     // The one that switched to it last.
    const char* full_at_ = nullptr;  // No lower may it stop. nullptr: anywhere.
    bool has_begun_ = false;
    std::function<Fiber&()> body_;
    FiberNotes::Bounds bounds_;
    FiberNotes notes_;
    FiberBooks books_;
    FiberExceptions exceptions_;
};

}  // namespace stalemark
