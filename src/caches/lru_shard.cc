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

std::expected<Cached, Miss> LruShard::get(Key key, Look look, LazyClock clock) {
    const std::lock_guard lock(guard_);
    ++(look == Look::first ? counts_.gets : counts_.other_looks);
    const std::uint32_t node = find(key);
    if (node == none) return std::unexpected(Miss::absent);
    const bool is_stale = clock.is_past(nodes_[node].expires);
    if (is_stale && is_gone(node, clock)) {
        ++counts_.expirations;
        drop(node);
        return std::unexpected(Miss::absent);
    }
    if (look == Look::first) ++(is_stale ? counts_.stale_hits : counts_.hits);
    if (nodes_[node].value) nodes_[node].value->bytes.fetch();
    touch(node);
    Cached entry = entry_of(node);
    entry.is_stale = is_stale;
    return entry;
}

std::uint64_t LruShard::put(Key key, const std::optional<Value>& value, const Life& life,
                            LazyClock clock) {
    const std::lock_guard lock(guard_);
    const std::uint32_t node = find(key);
    if (node != none && clock.was_past(nodes_[node].expires)) ++counts_.expirations;
    return fill(node, key, value, life, clock);
}

bool LruShard::replace(Key key, std::uint64_t token, const std::optional<Value>& value,
                       const Life& life, LazyClock clock) {
    const std::lock_guard lock(guard_);
    std::uint32_t node = find(key);
    if (node != none && is_gone(node, clock)) {
        ++counts_.expirations;
        drop(node);
        node = none;
    }
    if (token != (node == none ? no_entry : nodes_[node].token)) {
        ++counts_.fills_refused;
        return false;
    }
    if (node != none && clock.was_past(nodes_[node].expires)) ++counts_.expirations;
    fill(node, key, value, life, clock);
    return true;
}

void LruShard::erase(Key key, LazyClock clock) {
    const std::lock_guard lock(guard_);
    ++counts_.erases;
    const std::uint32_t node = find(key);
    if (node == none) return;
    if (clock.was_past(nodes_[node].expires)) ++counts_.expirations;
    drop(node);
}

std::uint64_t LruShard::clear() {
    const std::lock_guard lock(guard_);
    const std::uint64_t dropped = entries_;
    while (newest_ != none) drop(newest_);
    return dropped;
}

void LruShard::visit(Instant at, const std::function<void(Key, const Cached&)>& see) {
    std::vector<std::pair<Key, Cached>> kept;
    {
        const std::lock_guard lock(guard_);
        for (std::uint32_t node = newest_; node != none; node = rest_[node].older) {
            if (kept_until(node) > at) kept.emplace_back(nodes_[node].key, entry_of(node));
        }
    }
    for (const auto& [key, entry] : kept) see(key, entry);  // May call the cache.
}

std::optional<Cached> LruShard::peek(Key key, Instant at) {
    const std::lock_guard lock(guard_);
    const std::uint32_t node = find(key);
    if (node == none || kept_until(node) <= at) return std::nullopt;
    Cached entry = entry_of(node);
    entry.is_stale = entry.expires <= at;
    return entry;
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

Instant LruShard::kept_until(std::uint32_t node) const {
    return Cached{.expires = nodes_[node].expires, .grace = rest_[node].grace}.kept_until();
}

bool LruShard::is_gone(std::uint32_t node, LazyClock& clock) const {
    return clock.is_past(kept_until(node));
}

Cached LruShard::entry_of(std::uint32_t node) const {
    const Node& main = nodes_[node];
    const Rest& rest = rest_[node];
    return {.value = main.value,
            .expires = main.expires,
            .born = rest.born,
            .token = main.token,
            .grace = rest.grace,
            .load_time = rest.load_time,
            .slack = rest.slack};
}

// Makes it the newest entry, in `node` if the key has one. Answers its token.
std::uint64_t LruShard::fill(std::uint32_t node, Key key, const std::optional<Value>& value,
                             const Life& life, LazyClock& clock) {
    const std::uint64_t charge = lru_charge_bytes(value);
    if (charge > capacity_bytes_) {
        ++counts_.fills_refused;
        if (node != none) drop(node);
        return no_entry;
    }
    ++counts_.fills;
    if (node == none) {
        node = take_free();
        nodes_[node].key = key;
        index_.insert(hash_of(key), node);
        link_first(node);
        ++entries_;
    } else {
        bytes_ -= lru_charge_bytes(nodes_[node].value);
        touch(node);
    }
    nodes_[node].value = value;
    nodes_[node].expires = clock.after(life.ttl);
    const std::uint64_t token = std::exchange(next_token_, next_token_ + token_step_);
    nodes_[node].token = token;
    const Instant expires = nodes_[node].expires;
    rest_[node].born = expires == never ? Instant{0} : expires - life.ttl - life.age;
    rest_[node].grace = life.grace;
    // No bound holds for an entry that lives for ever: the clock is left alone.
    rest_[node].slack =
        nodes_[node].expires == never ? Duration{0} : clock.since(life.load_began);
    if (life.load_time > Duration{0}) rest_[node].load_time = life.load_time;
    bytes_ += charge;
    while (bytes_ > capacity_bytes_) {
        ++(clock.was_past(nodes_[oldest_].expires) ? counts_.expirations : counts_.evictions);
        drop(oldest_);
    }
    return token;
}

std::uint32_t LruShard::take_free() {
    if (free_ == none) {
        nodes_.emplace_back();
        rest_.emplace_back();
        return static_cast<std::uint32_t>(nodes_.size() - 1);
    }
    return std::exchange(free_, rest_[free_].older);
}

void LruShard::drop(std::uint32_t node) {
    unlink(node);
    index_.erase(hash_of(nodes_[node].key), node);
    bytes_ -= lru_charge_bytes(nodes_[node].value);
    --entries_;
    nodes_[node].value.reset();
    rest_[node].load_time = Duration{0};
    rest_[node].older = std::exchange(free_, node);
}

void LruShard::link_first(std::uint32_t node) {
    rest_[node].newer = none;
    rest_[node].older = newest_;
    (newest_ == none ? oldest_ : rest_[newest_].newer) = node;
    newest_ = node;
}

void LruShard::unlink(std::uint32_t node) {
    const std::uint32_t newer = rest_[node].newer;
    const std::uint32_t older = rest_[node].older;
    (newer == none ? newest_ : rest_[newer].older) = older;
    (older == none ? oldest_ : rest_[older].newer) = newer;
}

void LruShard::touch(std::uint32_t node) {
    if (node == newest_) return;
    unlink(node);
    link_first(node);
}

}  // namespace stalemark
