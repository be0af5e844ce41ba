// SPDX-License-Identifier: Apache-2.0
// A mutex for sections that last some tens of nanoseconds: whoever finds it taken tries again
// for about a microsecond before going to sleep, which costs several.
//
// Without this, two threads on a cache with popular keys do half the work that one does alone.

#pragma once

#include <mutex>

namespace stalemark {

class ShortMutex {
public:
    void lock() {
        for (int tries = 0; tries < 30; ++tries) {
            if (mutex_.try_lock()) return;
            relax();
        }
        mutex_.lock();
    }
    void unlock() { mutex_.unlock(); }

private:
    // Lets the owner's processor have the mutex's memory for a while.
    static void relax() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }

    std::mutex mutex_;
};

}  // namespace stalemark
