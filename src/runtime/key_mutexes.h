// SPDX-License-Identifier: Apache-2.0
// One mutex for each key that is in use: a holder of one key never delays a holder of another.
// First come, first served, in real and in virtual time; a mutex may be held across a wait.
//
// Nothing is kept for a key that is free. What there is to know of a key lies in the Lock
// objects of its holder and of those that wait, on their own stacks; a bucket of a hash table
// points to the holders.

#pragma once

#include <array>
#include <atomic>

#include "core/random.h"
#include "runtime/runtime.h"

namespace stalemark {

class KeyMutexes {
    class Bucket;

public:
    explicit KeyMutexes(Runtime& runtime) : runtime_(runtime) {}

    // Holds the mutex of `key` for as long as it exists. A task may hold several of different
    // keys, if all tasks take them in one order.
    class Lock {
    public:
        // Waits for the mutex. If the task is unwound by an exception while it waits, it leaves
        // the queue.
        Lock(KeyMutexes& mutexes, Key key)
            : Lock(mutexes.runtime_, mutexes.bucket_of(key), key) {
            // The other constructor has ended: the destructor runs even if this one throws.
            if (task_ != nullptr) wait();
        }
        ~Lock();
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;

    private:
        friend class Bucket;

        // Takes the mutex or a place in its queue.
        Lock(Runtime& runtime, Bucket& bucket, Key key);
        void wait();
        bool holds();

        Runtime& runtime_;
        Bucket& bucket_;
        const Key key_;
        Task* task_ = nullptr;  // That waits; nullptr if the mutex was free.
        bool holds_ = false;

        Lock* next_ = nullptr;   // In the queue of the key; the holder is at its head.
        Lock* last_ = nullptr;   // Of the queue. Of a holder only.
        Lock* other_ = nullptr;  // The holder of another key in the bucket. Of a holder only.
    };

    // Keys in use; for tests, while no task calls.
    std::size_t in_use() const;

private:
    // The holders of the keys with one hash, and a mutex for them that is held for a few
    // nanoseconds and never while parked.
    class Bucket {
    public:
        void lock();
        void unlock() { is_taken_.store(false, std::memory_order_release); }

        // Require: locked.
        void enter(Lock& lock);
        void leave(Lock& lock);
        std::size_t holders() const;

    private:
        Lock** link_to(Key key);  // What points to the key's holder, or the null at the end.

        std::atomic<bool> is_taken_ = false;
        Lock* first_ = nullptr;
    };

    Bucket& bucket_of(Key key) { return buckets_[mix(index_of(key)) % buckets_.size()]; }

    Runtime& runtime_;
    std::array<Bucket, 1'024> buckets_;  // More than tasks hold keys at once, mostly.
};

}  // namespace stalemark
