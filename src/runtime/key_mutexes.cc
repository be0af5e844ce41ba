// SPDX-License-Identifier: Apache-2.0
#include "runtime/key_mutexes.h"

#include <mutex>
#include <thread>

namespace stalemark {

KeyMutexes::Lock::Lock(Runtime& runtime, Bucket& bucket, Key key)
    : runtime_(runtime), bucket_(bucket), key_(key) {
    runtime_.point({"lock", "acquire", key_});
    const std::lock_guard guard(bucket_);
    bucket_.enter(*this);
}

KeyMutexes::Lock::~Lock() {
    runtime_.point({"lock", "release", key_});
    const std::lock_guard guard(bucket_);
    bucket_.leave(*this);
}

void KeyMutexes::Lock::wait() {
    while (!holds()) runtime_.park("lock");
}

bool KeyMutexes::Lock::holds() {
    const std::lock_guard guard(bucket_);
    return holds_;
}

void KeyMutexes::Bucket::lock() {
    for (int tries = 1; is_taken_.exchange(true, std::memory_order_acquire); ++tries) {
        // The task that has it may have lost its processor.
        if (tries % 30 == 0) std::this_thread::yield();
    }
}

void KeyMutexes::Bucket::enter(Lock& lock) {
    Lock** const link = link_to(lock.key_);
    if (Lock* const holder = *link) {
        lock.task_ = lock.runtime_.self();
        holder->last_->next_ = &lock;
        holder->last_ = &lock;
        return;
    }
    lock.holds_ = true;
    lock.last_ = &lock;
    *link = &lock;
}

// The next in the queue holds the mutex then.
void KeyMutexes::Bucket::leave(Lock& lock) {
    Lock** const link = link_to(lock.key_);
    if (!lock.holds_) {
        Lock* before = *link;
        while (before->next_ != &lock) before = before->next_;
        before->next_ = lock.next_;
        if ((*link)->last_ == &lock) (*link)->last_ = before;
        return;
    }
    Lock* const next = lock.next_;
    if (next == nullptr) {
        *link = lock.other_;
        return;
    }
    next->holds_ = true;
    next->last_ = lock.last_;
    next->other_ = lock.other_;
    *link = next;
    lock.runtime_.unpark(next->task_);  // Under the mutex: the task may be gone right after it.
}

KeyMutexes::Lock** KeyMutexes::Bucket::link_to(Key key) {
    Lock** link = &first_;
    while (*link != nullptr && (*link)->key_ != key) link = &(*link)->other_;
    return link;
}

std::size_t KeyMutexes::Bucket::holders() const {
    std::size_t number = 0;
    for (const Lock* holder = first_; holder != nullptr; holder = holder->other_) ++number;
    return number;
}

std::size_t KeyMutexes::in_use() const {
    std::size_t number = 0;
    for (const Bucket& bucket : buckets_) number += bucket.holders();
    return number;
}

}  // namespace stalemark
