#include "caches/cache.h"

namespace stalemark {

CacheCounts& CacheCounts::operator+=(const CacheCounts& other) {
    gets += other.gets;
    hits += other.hits;
    stale_hits += other.stale_hits;
    other_looks += other.other_looks;
    fills += other.fills;
    fills_refused += other.fills_refused;
    erases += other.erases;
    evictions += other.evictions;
    expirations += other.expirations;
    failed += other.failed;
    flushed += other.flushed;
    return *this;
}

CacheCounts CacheCounts::operator-(const CacheCounts& earlier) const {
    return {.gets = gets - earlier.gets,
            .hits = hits - earlier.hits,
            .stale_hits = stale_hits - earlier.stale_hits,
            .other_looks = other_looks - earlier.other_looks,
            .fills = fills - earlier.fills,
            .fills_refused = fills_refused - earlier.fills_refused,
            .erases = erases - earlier.erases,
            .evictions = evictions - earlier.evictions,
            .expirations = expirations - earlier.expirations,
            .failed = failed - earlier.failed,
            .flushed = flushed - earlier.flushed};
}

}  // namespace stalemark
