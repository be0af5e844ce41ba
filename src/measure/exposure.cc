// SPDX-License-Identifier: Apache-2.0
#include "measure/exposure.h"

#include <algorithm>

namespace stalemark {
namespace {

constexpr std::uint64_t absent = ~std::uint64_t{0};  // No session has that many bits.

std::uint64_t pack(const Header& header) {
    return (std::uint64_t{header.session} << 32) | header.sequence;
}

Seen unpack(std::uint64_t packed) {
    if (packed == absent) return std::nullopt;
    return Header{.session = static_cast<std::uint32_t>(packed >> 32),
                  .sequence = static_cast<std::uint32_t>(packed)};
}

}  // namespace

Exposure::Exposure(const Oracle& oracle, std::uint64_t keys)
    : oracle_(oracle),
      keys_(keys),
      stored_(std::make_unique<std::atomic<std::uint64_t>[]>(keys)),
      shards_(shards) {
    for (std::uint64_t key = 0; key < keys; ++key) {
        stored_[key].store(pack(Header{}), std::memory_order_relaxed);
    }
}

// Whether what the store holds is not definitely older than the write that began then.
bool Exposure::is_safe(Key key, Oracle::Stamp invocation) const {
    return !oracle_.is_older(key, unpack(stored_[index_of(key)].load()), invocation);
}

// Both loads and stores of `stored_` and `exposed_` are in one order for all: or a write could
// miss what the store just told while that misses the write.
void Exposure::note_held(Key key, std::uint64_t packed, Instant now) {
    stored_[index_of(key)].store(packed);
    if (exposed_.load() == 0) return;
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.guard);
    const auto found = shard.exposed.find(key);
    if (found == shard.exposed.end()) return;
    exposed_ -= found->second.forget_safe(
        [&](Oracle::Stamp invocation) { return is_safe(key, invocation); },
        [&](Instant acknowledged) {
            shard.age_max = std::max(shard.age_max, now - acknowledged);
        });
    if (found->second.is_empty()) shard.exposed.erase(found);
}

void Exposure::note_stored(Key key, const Header& header, Instant now) {
    note_held(key, pack(header), now);
}

void Exposure::note_deleted(Key key, Instant now) { note_held(key, absent, now); }

void Exposure::note_acknowledged(Key key, const Header& header, Instant now) {
    if (is_safe(key, header.invocation)) return;
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.guard);
    // Counted first, so that a store that comes between finds the count and waits for the lock.
    const std::uint64_t exposed = ++exposed_;
    if (is_safe(key, header.invocation)) {
        --exposed_;
        return;
    }
    shard.exposed[key].add(header.invocation, now);
    std::uint64_t most = exposed_max_.load(std::memory_order_relaxed);
    while (most < exposed && !exposed_max_.compare_exchange_weak(most, exposed)) {
    }
}

void Exposure::forget_peaks() {
    exposed_max_ = exposed_.load();
    for (Shard& shard : shards_) {
        const std::lock_guard lock(shard.guard);
        shard.age_max = Duration{0};
    }
}

Duration Exposure::age_max(Instant now) const {
    Duration longest{0};
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.guard);
        longest = std::max(longest, shard.age_max);
        for (const auto& [key, writes] : shard.exposed)
            longest = std::max(longest, now - writes.oldest());
    }
    return longest;
}

}  // namespace stalemark
