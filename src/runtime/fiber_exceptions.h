// SPDX-License-Identifier: Apache-2.0
// The exceptions that a fiber has thrown and not yet caught, or caught and not yet left. C++
// keeps them per thread, so each fiber puts its own in their place when it goes on.

#pragma once

#include <cxxabi.h>

namespace stalemark {

// For one thread: the one that made it.
class FiberExceptions {
public:
    // Leaves the thread with those of `to`.
    void leave_for(const FiberExceptions& to) {
        kept_ = *of_thread_;
        to.arrive();
    }
    void arrive() const { *of_thread_ = kept_; }

private:
    // As the C++ ABI has it: https://itanium-cxx-abi.github.io/cxx-abi/abi-eh.html#cxx-data
    struct Exceptions {
        void* caught = nullptr;
        unsigned int uncaught = 0;
    };

    Exceptions* const of_thread_ = reinterpret_cast<Exceptions*>(abi::__cxa_get_globals());
    Exceptions kept_;
};

}  // namespace stalemark
