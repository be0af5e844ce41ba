// SPDX-License-Identifier: Apache-2.0
// version: nothing replaces what is known to be newer.
//
// Remembers for a while which version each row has come to, and refuses fills with anything
// older. An entry without version is older than none, and is never refused; nor is the absence
// of a row, whatever its version.
//
// Strength: a change that was heard of is not undone by a reader who came before it, and an
// event that comes late drops nothing that is newer.
// Hazard: it knows only what it has heard. A change whose event is lost or still under way
// keeps nobody out.

#pragma once

#include <deque>
#include <mutex>
#include <unordered_map>

#include "guards/event_check.h"
#include "runtime/runtime.h"

namespace stalemark {

class HeardVersions final : public EventCheck {
public:
    // Versions are remembered for at least so long: longer than any load and any event takes.
    static constexpr Duration memory = std::chrono::seconds(60);

    explicit HeardVersions(const Runtime& runtime) : runtime_(runtime) {}

    void hear(Key key, Version version) override {
        const Instant now = runtime_.now();
        const std::lock_guard lock(guard_);
        forget();
        Version& newest = newest_[key];
        if (version <= newest) return;
        newest = version;
        heard_.push_back({now, key, version});
    }

    bool keeps(Version entry, Version heard) const override { return entry >= heard; }

    bool is_outdated(Key key, const Row& row) override {
        if (!has_version(row)) return false;
        const std::lock_guard lock(guard_);
        return is_older_than_known(key, row.version);
    }

    Admission admit(Key key, const Row& row) override {
        if (!has_version(row)) return {};
        std::unique_lock quiet(guard_);
        const bool is_refused = is_older_than_known(key, row.version);
        return {is_refused, std::move(quiet)};
    }

private:
    struct Known {
        Instant heard;
        Key key;
        Version version;
    };

    static bool has_version(const Row& row) { return row.bytes && row.version != 0; }

    // These require the mutex.
    bool is_older_than_known(Key key, Version version) const {
        const auto known = newest_.find(key);
        return known != newest_.end() && version < known->second;
    }
    void forget() {
        while (!heard_.empty() &&
               runtime_.is_over(heard_.front().heard + memory + Duration{1})) {
            const Known& old = heard_.front();
            const auto known = newest_.find(old.key);
            if (known != newest_.end() && known->second == old.version) newest_.erase(known);
            heard_.pop_front();
        }
    }

    const Runtime& runtime_;
    std::mutex guard_;  // Of the two below.
    std::unordered_map<Key, Version> newest_;
    std::deque<Known> heard_;  // Oldest first.
};

}  // namespace stalemark
