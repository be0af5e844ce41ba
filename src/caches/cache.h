// The fast tier: small, quick, allowed to forget.
//
// Any number of tasks may call a cache at once; each call is atomic for its key.

#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>

#include "core/result.h"
#include "core/value.h"

namespace stalemark {

// One entry as the cache holds it.
struct Cached {
    std::optional<Value>
        value;                // Nothing: a negative entry; the store is known to have no value.
    Instant expires = never;  // When it stops being served.
    std::uint64_t token = 0;  // Names the put() that made it; no two puts share one.
};

enum class Miss : std::uint8_t {
    absent,       // Never cached, evicted, expired or erased.
    unavailable,  // The cache did not answer.
};

// Since the cache was made, or, as a difference of two, since the earlier one was taken.
struct CacheCounts {
    std::uint64_t gets = 0;
    std::uint64_t hits = 0;  // The others are misses.
    std::uint64_t fills = 0;
    std::uint64_t fills_refused =
        0;  // Too large for the cache, or replace() found another entry.
    std::uint64_t erases = 0;
    std::uint64_t evictions = 0;    // For want of room.
    std::uint64_t expirations = 0;  // Entries found past their time, by whatever found them.
    std::uint64_t cleared = 0;      // Entries dropped by clear(), whatever their time.

    CacheCounts& operator+=(const CacheCounts& other);
    CacheCounts operator-(const CacheCounts& earlier) const;
};

struct CacheUse {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;  // Keys, values and bookkeeping, as the cache charges them.
    std::uint64_t capacity_bytes = 0;  // 0: without bound.
};

class Cache {
public:
    virtual ~Cache() = default;

    // The live entry of `key`.
    virtual std::expected<Cached, Miss> get(Key key) = 0;

    // Caches `value` (nothing: that there is none) for `ttl` from now, instead of whatever was
    // there, evicting others if need be. A ttl of Duration::max() never expires. An entry that
    // is larger than the cache is refused, and what was there before is dropped: it is out of
    // date.
    virtual Result<void> put(Key key, const std::optional<Value>& value, Duration ttl) = 0;

    // Like put(), but only if the entry that `token` names is still there. Answers whether it
    // was.
    virtual Result<bool> replace(Key key, std::uint64_t token,
                                 const std::optional<Value>& value, Duration ttl) = 0;

    virtual Result<void> erase(Key key) = 0;

    // Drops everything, as a restart would. Entries that others put meanwhile may stay.
    virtual void clear() = 0;

    // Shows every entry that would still be served at `at`, in no particular order, without
    // touching recency, expiry or counts. For audits: not atomic over keys.
    virtual void visit(Instant at, const std::function<void(Key, const Cached&)>& see) = 0;

    virtual CacheCounts counts() const = 0;
    virtual CacheUse use() const = 0;
};

}  // namespace stalemark
