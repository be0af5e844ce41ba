// SPDX-License-Identifier: Apache-2.0
// The judge of tier 0: tells, for every key and without clocks or locks, which reads are
// definitely stale.
//
// Each key has a counter of events. A write draws a stamp when it begins (its invocation, which
// travels in the value's header) and another when it is acknowledged. Write u is definitely
// older than write w if u's acknowledgement was drawn before w's invocation. A read that
// returns u is definitely stale if some write w, acknowledged before the read began, is one
// that u is definitely older than. Concurrent writes are never ordered, so that every count is
// a lower bound and a store that is linearizable scores exactly zero.
//
// Any number of sessions may use it at once; a session does one thing at a time.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/header.h"
#include "core/types.h"

namespace stalemark {

// What a read saw: the header of a value, or that there is none.
using Seen = std::optional<Header>;

class Oracle {
public:
    using Stamp = std::uint32_t;

    // `preloaded`: keys 0 .. preloaded-1 hold the value of Header::preloaded's session.
    // Requires: sessions < Header::preloaded.
    Oracle(std::uint64_t keys, std::uint64_t preloaded, std::uint32_t sessions);
    ~Oracle();

    // Before a write or delete: its header, the next of its session.
    Header begin_write(Key key, std::uint32_t session);
    void begin_delete(Key key, const Header& header);

    // After it, by its outcome. acknowledge() answers the stamp it drew.
    Stamp acknowledge(Key key, const Header& header, bool is_delete);
    void refuse(Key key, const Header& header, bool is_delete);      // It did not happen.
    void leave_open(Key key, const Header& header, bool is_delete);  // It may have happened.

    // Begins to bring what a read or write of `key` touches near the processor.
    [[gnu::always_inline]] void fetch(Key key) const { __builtin_prefetch(&at(key)); }

    // Before a read: what it is entitled to.
    Stamp entitlement(Key key) const {
        return at(key).acknowledged.load(std::memory_order_acquire);
    }

    // Whether what was seen is definitely older than the write that drew `stamp` as its
    // invocation; with an entitlement: whether the read is definitely stale. A delete that was
    // under way when the read returned may be what it saw.
    bool is_older(Key key, const Seen& seen, Stamp stamp) const {
        if (seen && seen->invocation >= stamp) return false;  // The usual case.
        return is_older_by_log(key, seen, stamp);
    }

    enum class Status : std::uint8_t { acknowledged, pending, refused, open };
    Status status_of(const Header& header) const;

    // Whether any write was ever refused or left open: only then is a status worth asking for.
    bool has_trouble() const { return has_trouble_.load(std::memory_order_relaxed); }

    // The stamp of the acknowledgement of the write that was seen; nothing if it has none
    // (yet).
    std::optional<Stamp> acknowledged_at(Key key, const Seen& seen) const;

    // Whether anything ever made the key absent: its initial state or a delete that began.
    bool can_be_absent(Key key) const;

    std::size_t memory_bytes() const;

private:
    // One read touches one of these, and so one cache line.
    struct KeyState {
        std::atomic<Stamp> events = 2;  // The next stamp. 1 acknowledged the initial state.
        std::atomic<Stamp> acknowledged = 0;  // Largest invocation among acknowledged writes.

        // Why the key may be absent: the largest acknowledgement among the causes, 0 if nothing
        // ever made it so; and the deletes whose end is not known.
        std::atomic<Stamp> absence_acknowledged = 0;
        std::atomic<std::uint32_t> deletes_pending = 0;
    };

    // The acknowledgements of one session's writes, by sequence: append-only, read by all.
    // Blocks double in size, so that they never move.
    struct alignas(64) Session {
        static constexpr std::size_t blocks_max = 27;
        std::atomic<std::atomic<Stamp>*> blocks[blocks_max] = {};
        std::uint32_t begun = 0;  // Touched by the session alone.
    };

    std::size_t slot_of(Key key) const { return (index_of(key) * scatter) & mask_; }
    KeyState& at(Key key) { return keys_[slot_of(key)]; }
    const KeyState& at(Key key) const { return keys_[slot_of(key)]; }
    std::atomic<Stamp>& log_of(const Header& header);
    Stamp logged(const Header& header) const;
    Stamp draw(Key key);
    bool is_older_by_log(Key key, const Seen& seen, Stamp stamp) const;

    // Neighbours in popularity must not share a cache line.
    static constexpr std::size_t scatter = 0x9e3779b97f4a7c15;

    std::size_t mask_;
    std::unique_ptr<KeyState[]> keys_;
    std::unique_ptr<Session[]> sessions_;
    std::uint32_t session_count_;
    std::atomic<bool> has_trouble_ = false;
};

}  // namespace stalemark
