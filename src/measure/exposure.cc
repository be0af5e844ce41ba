#include "measure/exposure.h"

#include <algorithm>

namespace stalemark {
namespace {

std::uint64_t pack(const Header& header) {
    return (std::uint64_t{header.session} << 32) | header.sequence;
}

Header unpack(std::uint64_t packed) {
    return {.session = static_cast<std::uint32_t>(packed >> 32),
            .sequence = static_cast<std::uint32_t>(packed)};
}

}  // namespace

Exposure::Exposure(const Oracle& oracle, std::uint64_t keys)
    : oracle_(oracle),
      stored_(std::make_unique<std::atomic<std::uint64_t>[]>(keys)),
      shards_(shards) {
    for (std::uint64_t key = 0; key < keys; ++key) {
        stored_[key].store(pack(Header{}), std::memory_order_relaxed);
    }
}

// Whether what the store holds is not definitely older than `write`.
bool Exposure::is_safe(Key key, const Header& write) const {
    const Header held = unpack(stored_[index_of(key)].load(std::memory_order_acquire));
    return !oracle_.is_acknowledged_before(held, write.invocation);
}

template <typename Settled>
void Exposure::settle(Key key, Instant now, Settled settled) {
    if (exposed_.load(std::memory_order_acquire) == 0) return;
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.guard);
    const auto found = shard.exposed.find(key);
    if (found == shard.exposed.end()) return;
    exposed_ -= std::erase_if(found->second, [&](const Write& write) {
        if (!settled(write)) return false;
        shard.age_max = std::max(shard.age_max, now - write.acknowledged);
        return true;
    });
    if (found->second.empty()) shard.exposed.erase(found);
}

void Exposure::note_stored(Key key, const Header& header, Instant now) {
    stored_[index_of(key)].store(pack(header), std::memory_order_release);
    settle(key, now, [&](const Write& write) { return is_safe(key, write.header); });
}

void Exposure::note_deleted(Key key, Instant now) {
    stored_[index_of(key)].store(pack(Header{}), std::memory_order_release);
    settle(key, now, [](const Write&) { return true; });
}

void Exposure::note_acknowledged(Key key, const Header& header, Instant now) {
    if (is_safe(key, header)) return;
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.guard);
    // Counted first, so that a store that comes between finds the count and waits for the lock.
    const std::uint64_t exposed = ++exposed_;
    if (is_safe(key, header)) {
        --exposed_;
        return;
    }
    shard.exposed[key].push_back({header, now});
    std::uint64_t most = exposed_max_.load(std::memory_order_relaxed);
    while (most < exposed && !exposed_max_.compare_exchange_weak(most, exposed)) {
    }
}

Duration Exposure::age_max(Instant now) const {
    Duration longest{0};
    for (const Shard& shard : shards_) {
        const std::lock_guard lock(shard.guard);
        longest = std::max(longest, shard.age_max);
        for (const auto& [key, writes] : shard.exposed) {
            for (const Write& write : writes) longest = std::max(longest, now - write.acknowledged);
        }
    }
    return longest;
}

}  // namespace stalemark
