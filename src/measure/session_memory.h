// SPDX-License-Identifier: Apache-2.0
// What sessions have done to their recent keys, for read-your-writes and monotonic reads.
//
// All sessions share one piece of memory of a fixed size: at most 2^21 places of 16 bytes, cut
// into a table for each session, or for several where there are many. A table is direct-mapped:
// two keys may compete for a place, and then the older memory is lost. So verdicts are lower
// bounds, and coverage says how many reads found their key.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>

#include "core/types.h"

namespace stalemark {

class SessionMemory {
public:
    struct Known {
        std::uint32_t own = 0;   // Largest invocation of its own acknowledged writes.
        std::uint32_t seen = 0;  // Largest invocation of the versions that it has read.
    };

    // Sessions have tables of their own up to so many.
    static constexpr std::size_t tables_max = 1'024;

    // `keys`: size of the key space, at most 2^32. `are_shared`: whether several threads may be
    // at one table at once.
    SessionMemory(std::uint32_t sessions, std::uint64_t keys, bool are_shared);

    // Where a session's memory lies. It is the same for all that a client does in one session,
    // and takes a division to find.
    struct Session {
        std::uint32_t number;
        std::size_t table;
        std::size_t begins;  // In the table.
    };
    Session session(std::uint32_t number) const {
        return {number, number % tables_, number / tables_ * scatter};
    }

    // Nothing if it has forgotten the key, or never knew it.
    std::optional<Known> find(const Session& session, Key key) const {
        const auto lock = locked(session);
        const Place& place = place_of(session, key);
        if (place.tag != tag_of(session, key)) return std::nullopt;
        return place.known;
    }

    void note_write(const Session& session, Key key, std::uint32_t invocation) {
        const auto lock = locked(session);
        Known& known = claim(session, key);
        if (invocation > known.own) known.own = invocation;
    }

    void note_read(const Session& session, Key key, std::uint32_t invocation) {
        const auto lock = locked(session);
        Known& known = claim(session, key);
        if (invocation > known.seen) known.seen = invocation;
    }

    // Begins to bring the place of `key` near the processor.
    [[gnu::always_inline]] void fetch(const Session& session, Key key) const {
        __builtin_prefetch(&place_of(session, key));
    }

    std::size_t memory_bytes() const { return tables_ * places_ * sizeof(Place); }

private:
    struct Place {
        std::uint64_t tag;  // 0: empty.
        Known known;
    };
    struct Free {
        void operator()(Place* places) const { std::free(places); }
    };

    static std::uint64_t tag_of(const Session& session, Key key) {
        return (std::uint64_t{session.number} << 32 | index_of(key)) + 1;
    }

    // Keys of one session that are less than places_ apart never compete.
    Place& place_of(const Session& session, Key key) const {
        const std::size_t place = (index_of(key) + session.begins) & (places_ - 1);
        return all_[session.table * places_ + place];
    }

    Known& claim(const Session& session, Key key) {
        Place& place = place_of(session, key);
        const std::uint64_t tag = tag_of(session, key);
        if (place.tag != tag) place = {.tag = tag, .known = {}};
        return place.known;
    }

    std::unique_lock<std::mutex> locked(const Session& session) const {
        if (!guards_) return {};
        return std::unique_lock(guards_[session.table]);
    }

    // Sessions of one table begin at places of their own.
    static constexpr std::size_t scatter = 0x9e3779b97f4a7c15;

    std::size_t tables_;
    std::size_t places_;  // Of each table; a power of two.
    // From calloc(), which leaves it to the operating system to clear what is never touched.
    std::unique_ptr<Place[], Free> all_;
    std::unique_ptr<std::mutex[]> guards_;  // Of the tables, where they are shared.
};

}  // namespace stalemark
