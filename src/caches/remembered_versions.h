// SPDX-License-Identifier: Apache-2.0
// The versions that rows had come to whose entries are gone, so that what is older can be
// refused as if they were there. For a bounded time, and of a bounded number of keys: at either
// bound the version that was noted first is forgotten, and a slow fill of its key is no longer
// refused.
//
// Used under its owner's mutex.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>

#include "caches/condition.h"
#include "caches/lazy_clock.h"

namespace stalemark {

class RememberedVersions {
public:
    // Of up to `keys` keys, for so long each. 0 keys: nothing is remembered.
    RememberedVersions(std::size_t keys, Duration time) : keys_(keys), time_(time) {}

    bool is_off() const { return keys_ == 0; }

    // The row of the key has come to `version`, which is known.
    void note(Key key, Version version, LazyClock& clock) {
        if (is_off() || version == 0) return;
        Known& known = known_[key];
        if (version < known.version) return;
        known = {version, ++notes_};
        noted_.push_back({key, notes_, clock.after(time_)});
        while (noted_.size() > keys_) forget_first();
    }

    // 0: nothing is remembered of the key.
    Version of(Key key, LazyClock& clock) {
        if (is_off()) return 0;
        while (!noted_.empty() && clock.is_past(noted_.front().until)) forget_first();
        const auto found = known_.find(key);
        return found == known_.end() ? 0 : found->second.version;
    }

    void clear() {
        known_.clear();
        noted_.clear();
    }

private:
    struct Known {
        Version version = 0;
        std::uint64_t note = 0;  // The last that was made of it.
    };
    struct Noted {
        Key key;
        std::uint64_t note;
        Instant until;
    };

    void forget_first() {
        const auto found = known_.find(noted_.front().key);
        if (found != known_.end() && found->second.note == noted_.front().note)
            known_.erase(found);
        noted_.pop_front();
    }

    const std::size_t keys_;
    const Duration time_;
    std::unordered_map<Key, Known> known_;
    std::deque<Noted> noted_;  // In that order. A key may be among them more than once.
    std::uint64_t notes_ = 0;
};

}  // namespace stalemark
