// A mutex that may be held across a wait; and one for each key. Both work with std::lock_guard.

#pragma once

#include <deque>

#include "runtime/semaphore.h"

namespace stalemark {

class Mutex {
public:
    explicit Mutex(Runtime& runtime) : place_(runtime, 1) {}

    void lock() { place_.acquire("lock"); }
    void unlock() { place_.release(); }

private:
    Semaphore place_;
};

// By striping: two keys may share a mutex, so a task must hold no more than one of them.
class KeyMutexes {
public:
    explicit KeyMutexes(Runtime& runtime) {
        for (int i = 0; i < 256; ++i) stripes_.emplace_back(runtime);
    }

    Mutex& operator[](Key key) { return stripes_[index_of(key) % stripes_.size()]; }

private:
    std::deque<Mutex> stripes_;
};

}  // namespace stalemark
