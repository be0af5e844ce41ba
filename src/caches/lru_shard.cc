#include "caches/lru_shard.h"

#include <mutex>
#include <utility>

#include "caches/lru_cache.h"
#include "core/random.h"

namespace stalemark {
namespace {

// The low bits; LruCache chooses the shard by the high ones.
std::uint32_t hash_of(Key key) { return static_cast<std::uint32_t>(mix(index_of(key))); }

}  // namespace

std::expected<Cached, Miss> LruShard::get(Key key, LazyClock clock) {
    const std::lock_guard lock(guard_);
    ++counts_.gets;
    const std::uint32_t node = find(key);
    if (node == none) return std::unexpected(Miss::absent);
    if (clock.is_past(nodes_[node].entry.expires)) {
        ++counts_.expirations;
        drop(node);
        return std::unexpected(Miss::absent);
    }
    ++counts_.hits;
    touch(node);
    return nodes_[node].entry;
}

void LruShard::put(Key key, const std::optional<Value>& value, Duration ttl, LazyClock clock) {
    Cached entry{.value = value, .expires = clock.after(ttl)};
    const std::lock_guard lock(guard_);
    const std::uint32_t node = find(key);
    if (node != none && clock.is_past(nodes_[node].entry.expires)) ++counts_.expirations;
    fill(node, key, std::move(entry), clock);
}

bool LruShard::replace(Key key, std::uint64_t token, const std::optional<Value>& value,
                       Duration ttl, LazyClock clock) {
    Cached entry{.value = value, .expires = clock.after(ttl)};
    const std::lock_guard lock(guard_);
    const std::uint32_t node = find(key);
    const bool is_expired = node != none && clock.is_past(nodes_[node].entry.expires);
    if (is_expired) {
        ++counts_.expirations;
        drop(node);
    }
    if (node == none || is_expired || nodes_[node].entry.token != token) {
        ++counts_.fills_refused;
        return false;
    }
    fill(node, key, std::move(entry), clock);
    return true;
}

void LruShard::erase(Key key, LazyClock clock) {
    const std::lock_guard lock(guard_);
    ++counts_.erases;
    const std::uint32_t node = find(key);
    if (node == none) return;
    if (clock.is_past(nodes_[node].entry.expires)) ++counts_.expirations;
    drop(node);
}

void LruShard::clear() {
    const std::lock_guard lock(guard_);
    for (; newest_ != none; drop(newest_)) ++counts_.cleared;
}

void LruShard::visit(Instant at, const std::function<void(Key, const Cached&)>& see) {
    std::vector<std::pair<Key, Cached>> live;
    {
        const std::lock_guard lock(guard_);
        for (std::uint32_t node = newest_; node != none; node = links_[node].older) {
            const Node& seen = nodes_[node];
            if (seen.entry.expires > at) live.emplace_back(seen.key, seen.entry);
        }
    }
    for (const auto& [key, entry] : live) see(key, entry);  // May call the cache.
}

CacheCounts LruShard::counts() {
    const std::lock_guard lock(guard_);
    return counts_;
}

CacheUse LruShard::use() {
    const std::lock_guard lock(guard_);
    return {.entries = entries_, .bytes = bytes_};
}

std::uint32_t LruShard::find(Key key) const {
    return index_.find(hash_of(key),
                       [&](std::uint32_t node) { return nodes_[node].key == key; });
}

// Makes `entry` the newest one, in `node` if the key has one.
void LruShard::fill(std::uint32_t node, Key key, Cached entry, LazyClock& clock) {
    const std::uint64_t charge = lru_charge_bytes(entry.value);
    if (charge > capacity_bytes_) {
        ++counts_.fills_refused;
        if (node != none) drop(node);
        return;
    }
    ++counts_.fills;
    entry.token = std::exchange(next_token_, next_token_ + token_step_);
    if (node == none) {
        node = take_free();
        nodes_[node].key = key;
        index_.insert(hash_of(key), node);
        link_first(node);
        ++entries_;
    } else {
        bytes_ -= lru_charge_bytes(nodes_[node].entry.value);
        touch(node);
    }
    nodes_[node].entry = std::move(entry);
    bytes_ += charge;
    while (bytes_ > capacity_bytes_) {
        ++(clock.is_past(nodes_[oldest_].entry.expires) ? counts_.expirations
                                                        : counts_.evictions);
        drop(oldest_);
    }
}

std::uint32_t LruShard::take_free() {
    if (free_ == none) {
        nodes_.emplace_back();
        links_.emplace_back();
        return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    return std::exchange(free_, links_[free_].older);
}

void LruShard::drop(std::uint32_t node) {
    unlink(node);
    index_.erase(hash_of(nodes_[node].key), node);
    bytes_ -= lru_charge_bytes(nodes_[node].entry.value);
    --entries_;
    nodes_[node].entry = {};
    links_[node].older = std::exchange(free_, node);
}

void LruShard::link_first(std::uint32_t node) {
    links_[node].newer = none;
    links_[node].older = newest_;
    (newest_ == none ? oldest_ : links_[newest_].newer) = node;
    newest_ = node;
}

void LruShard::unlink(std::uint32_t node) {
    const std::uint32_t newer = links_[node].newer;
    const std::uint32_t older = links_[node].older;
    (newer == none ? newest_ : links_[newer].older) = older;
    (older == none ? oldest_ : links_[older].newer) = newer;
}

void LruShard::touch(std::uint32_t node) {
    if (node == newest_) return;
    unlink(node);
    link_first(node);
}

}  // namespace stalemark
