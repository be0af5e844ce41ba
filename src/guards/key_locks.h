// SPDX-License-Identifier: Apache-2.0
// Locks of keys that every node can see and that expire: entries of a cache beside the cache.
//
// The task that puts the entry holds the lock until it erases the entry, or until the time of
// the entry is over. A holder does not notice that its time is over: the lock guarantees
// nothing beyond it (Redis, Distributed Locks).

#pragma once

#include <memory>
#include <optional>

#include "guards/guard.h"
#include "runtime/growing_pause.h"

namespace stalemark {

class KeyLocks {
public:
    KeyLocks(Cache& locks, Runtime& runtime, Duration ttl)
        : locks_(locks), runtime_(runtime), ttl_(ttl) {}

    // Waits for the lock of the key.
    Guard::Held take(Key key) {
        GrowingPause pause(runtime_);
        for (bool has_waited = false;; has_waited = true) {
            runtime_.point({"key lock", "take", key});
            const auto taken = locks_.put(key, Row(), ttl_, Condition::absent());
            if (!taken) return {.hold = nullptr, .is_unavailable = true};
            if (*taken != no_stamp)
                return {std::make_shared<Lock>(*this, key, *taken), has_waited};
            pause.sleep_until(never);
        }
    }

private:
    class Lock {
    public:
        Lock(KeyLocks& locks, Key key, Stamp stamp) : locks_(locks), key_(key), stamp_(stamp) {}
        // One that cannot be given back ends with its time.
        ~Lock() {
            try {
                if (locks_.runtime_.ending() == End::kill) return;
                locks_.runtime_.point({"key lock", "give back", key_});
                locks_.locks_.erase(key_, Condition::unchanged(stamp_), {});
            } catch (const Cancelled&) {  // The task's next wait throws it again.
            }
        }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;

    private:
        KeyLocks& locks_;
        const Key key_;
        const Stamp stamp_;
    };

    Cache& locks_;
    Runtime& runtime_;
    const Duration ttl_;
};

}  // namespace stalemark
