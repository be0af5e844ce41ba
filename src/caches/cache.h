// SPDX-License-Identifier: Apache-2.0
// The fast tier: small, quick, allowed to forget.
//
// Any number of tasks may call a cache at once; each call is atomic for its key.

#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>

#include "caches/condition.h"
#include "core/counts.h"
#include "core/result.h"
#include "core/row.h"

namespace stalemark {

// How long an entry lives, from the moment that it is put.
struct Life {
    // Fresh for so long; Duration::max(): for ever; below 0: the entry expired so long ago.
    Duration ttl = Duration::max();
    Duration grace{0};  // Then handed out for so much longer, as stale.
    Duration age{0};    // The life began so long ago already, elsewhere.

    // How long the load took that made the entry; 0: not known. Then what is known of the entry
    // that it takes the place of is kept.
    Duration load_time{0};

    // When the load began that made the entry: its value may have been replaced since. never:
    // no load made it. A write that caches its own value is acknowledged afterwards, so that
    // nothing can have replaced it before.
    Instant load_began = never;
};

// One entry as the cache holds it.
struct Cached {
    Row row;                  // Absent: a negative entry; the store is known to have none.
    Instant expires = never;  // When it is no longer fresh.
    Instant born{0};          // When its life began; not known if it never expires.
    Stamp stamp = no_stamp;   // Of the put() that made it.
    Duration grace{0};        // How much longer it is handed out, as stale.
    Duration load_time{0};    // Of the load that made it; 0: not known.
    Duration slack{0};        // From Life::load_began until it was put.
    bool is_stale = false;    // It was past its time when it was handed out.
    bool is_awaited = false;  // Its reader has waited for another task's fill.

    Instant kept_until() const { return grace > never - expires ? never : expires + grace; }
};

enum class Miss : std::uint8_t {
    absent,       // Never cached, evicted, expired or erased.
    unavailable,  // The cache did not answer.
};

// What a get() that finds nothing comes back with.
struct Missed {
    Missed(Miss reason, Stamp handed_out = no_stamp) : why(reason), lease(handed_out) {}

    Miss why;
    // Or of the quarantine that was asked for. no_stamp: none was wanted, or it is another
    // caller's.
    Stamp lease;

    bool operator==(const Missed&) const = default;
};

// What a get() is for.
struct Look {
    // Of a read, and not a read that looks again, or a write. Counts of hits and misses are
    // those of first looks; nothing else depends on it.
    bool is_first = true;

    // Longer than 0: where there is no entry, a lease of the key is handed out for so long, if
    // nobody holds one. The first put that is made ends it.
    Duration lease{0};

    // Of a writer: the key is under its quarantine from now on, and the lease of the key is
    // void. It finds nothing, whatever is there.
    Quarantine quarantine = {};

    static const Look first;
    static const Look other;
};
inline constexpr Look Look::first{};
inline constexpr Look Look::other{.is_first = false};

// Since the cache was made, or, as a difference of two, since the earlier one was taken.
struct CacheCounts {
    std::uint64_t gets = 0;  // First looks.
    std::uint64_t hits = 0;
    std::uint64_t stale_hits = 0;   // Handed out past their time. The others are misses.
    std::uint64_t other_looks = 0;  // Whatever they found.
    std::uint64_t fills = 0;
    // Too large for the cache, or the condition did not hold.
    std::uint64_t fills_refused = 0;
    std::uint64_t erases = 0;
    std::uint64_t evictions = 0;    // For want of room.
    std::uint64_t expirations = 0;  // Entries found past their time, by whatever found them.

    // What faults did, as the wire to the cache counts it (wire/wired_cache.h).
    std::uint64_t failed = 0;   // Calls that were not answered; no other figure has them.
    std::uint64_t flushed = 0;  // Entries lost, whatever their time.

    CacheCounts& operator+=(const CacheCounts& other) { return *this = sum_of(*this, other); }
    CacheCounts operator-(const CacheCounts& earlier) const {
        return difference_of(*this, earlier);
    }
};

struct CacheUse {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;  // Keys, values and bookkeeping, as the cache charges them.
    std::uint64_t capacity_bytes = 0;  // 0: without bound.
};

// The calls: what a cache at the end of a network can do, too.
class Cache {
public:
    virtual ~Cache() = default;

    // The entry of `key`, if it is fresh or within its grace.
    virtual std::expected<Cached, Missed> get(Key key, const Look& look) = 0;
    std::expected<Cached, Missed> get(Key key) { return get(key, Look::first); }

    // If the condition holds, caches the row instead of whatever was there, evicting others if
    // need be. An entry that is larger than the cache is refused, and what was there before is
    // dropped: it is out of date. Answers the stamp of the entry; no_stamp: refused.
    virtual Result<Stamp> put(Key key, const Row& row, const Life& life,
                              const Condition& condition) = 0;
    Result<Stamp> put(Key key, const Row& row, const Life& life) {
        return put(key, row, life, Condition::always());
    }
    Result<Stamp> put(Key key, const Row& row, Duration ttl,
                      const Condition& condition = Condition::always()) {
        return put(key, row, Life{.ttl = ttl}, condition);
    }

    // If the condition holds, what was there is gone, and what is to remain is there. Answers
    // whether it held.
    virtual Result<bool> erase(Key key, const Condition& condition, const Remains& remains) = 0;
    Result<bool> erase(Key key) { return erase(key, Condition::always(), {}); }
};

// A cache in this process, which can be looked into: for audits, counts and what a node does
// with its own. None of this waits.
class LocalCache : public Cache {
public:
    // Drops everything, as a restart would; answers how many entries, whatever their time.
    // Leases, quarantines and tombstones go, too. What others put meanwhile may stay.
    virtual std::uint64_t clear() = 0;

    // What is there of the key, entry or tombstone, is gone as if for want of room.
    virtual void evict(Key key) = 0;

    // Shows every entry that would still be handed out at `at`, in no particular order, without
    // touching recency, expiry or counts. For audits: not atomic over keys.
    virtual void visit(Instant at, const std::function<void(Key, const Cached&)>& see) = 0;

    // The entry as get() would find it at `at`, likewise without a trace.
    virtual std::optional<Cached> peek(Key key, Instant at) const = 0;

    virtual CacheCounts counts() const = 0;
    virtual CacheUse use() const = 0;
};

}  // namespace stalemark
