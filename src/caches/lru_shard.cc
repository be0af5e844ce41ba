// SPDX-License-Identifier: Apache-2.0
#include "caches/lru_shard.h"

#include <algorithm>
#include <mutex>

#include "caches/charge.h"
#include "core/random.h"

namespace stalemark {
namespace {

// The low bits; LruCache chooses the shard by the high ones.
std::uint32_t hash_of(Key key) { return static_cast<std::uint32_t>(mix(index_of(key))); }

}  // namespace

std::expected<Cached, Missed> LruShard::get(Key key, const Look& look, LazyClock clock) {
    const std::lock_guard lock(guard_);
    ++(look.is_first ? counts_.gets : counts_.other_looks);
    if (has_quarantines_) settle(key, clock);
    const std::uint32_t node = find_entry(key);
    if (look.quarantine.ttl > Duration{0} || node == none ||
        (has_quarantines_ && quarantines_.hides(key)))
        return std::unexpected(missed(key, look, clock));
    const bool is_stale = clock.is_past(nodes_[node].expires);
    if (is_stale && is_gone(node, clock)) {
        ++counts_.expirations;
        lose(node, clock);
        return std::unexpected(missed(key, look, clock));
    }
    if (look.is_first) ++(is_stale ? counts_.stale_hits : counts_.hits);
    nodes_[node].bytes.fetch();
    touch(node);
    Cached entry = entry_of(node);
    entry.is_stale = is_stale;
    return entry;
}

Missed LruShard::missed(Key key, const Look& look, LazyClock& clock) {
    if (look.quarantine.ttl > Duration{0}) {
        const Stamp stamp = next_stamp();
        leases_.end(key);
        quarantines_.begin(key, stamp, look.quarantine, clock);
        has_quarantines_ = true;
        return {Miss::absent, stamp};
    }
    if (look.lease <= Duration{0} || quarantines_.is_held(key)) return Miss::absent;
    return {Miss::absent, leases_.grant(key, next_stamp(), look.lease, clock)};
}

// What a writer has left to its end takes the entry along.
void LruShard::settle(Key key, LazyClock& clock) {
    if (!quarantines_.settle(key, clock)) return;
    has_quarantines_ = !quarantines_.is_empty();
    leases_.end(key);
    const std::uint32_t node = find(key);
    if (node != none) lose(node, clock);
}

Stamp LruShard::put(Key key, const Row& row, const Life& life, const Condition& condition,
                    LazyClock clock) {
    const std::lock_guard lock(guard_);
    if (has_quarantines_) settle(key, clock);
    std::uint32_t node = find(key);
    if (!holds(condition, Condition::Change::put, key, node, clock)) {
        ++counts_.fills_refused;
        return no_stamp;
    }
    if (node != none) count_if_expired(node, clock);
    const Stamp stamp = fill(node, key, row, life, clock);
    if (stamp != no_stamp) leases_.end(key);
    return stamp;
}

bool LruShard::erase(Key key, const Condition& condition, const Remains& remains,
                     LazyClock clock) {
    const std::lock_guard lock(guard_);
    ++counts_.erases;
    if (has_quarantines_) settle(key, clock);
    std::uint32_t node = find(key);
    if (!holds(condition, Condition::Change::erase, key, node, clock)) return false;
    if (condition.kind() == Condition::Kind::quarantined) {
        quarantines_.end(key, condition.stamp());
        has_quarantines_ = !quarantines_.is_empty();
    }
    if (remains.voids_lease) leases_.end(key);
    if (node != none) count_if_expired(node, clock);
    if (remains.version != 0) {
        leave_tombstone(node, key, remains, clock);
    } else if (node != none) {
        lose(node, clock);
    }
    return true;
}

std::uint64_t LruShard::clear() {
    const std::lock_guard lock(guard_);
    const std::uint64_t dropped = entries_;
    while (newest_ != none) drop(newest_);
    leases_.clear();
    quarantines_.clear();
    remembered_.clear();
    has_quarantines_ = false;
    return dropped;
}

void LruShard::evict(Key key, LazyClock clock) {
    const std::lock_guard lock(guard_);
    if (const std::uint32_t node = find(key); node != none) evict_node(node, clock);
}

void LruShard::visit(Instant at, const std::function<void(Key, const Cached&)>& see) {
    std::vector<std::pair<Key, Cached>> kept;
    {
        const std::lock_guard lock(guard_);
        for (std::uint32_t node = newest_; node != none; node = rest_[node].older) {
            if (!nodes_[node].is_entry() || kept_until(node) <= at ||
                quarantines_.would_hide(nodes_[node].key, at))
                continue;
            kept.emplace_back(nodes_[node].key, entry_of(node));
        }
    }
    for (const auto& [key, entry] : kept) see(key, entry);  // May call the cache.
}

std::optional<Cached> LruShard::peek(Key key, Instant at) {
    const std::lock_guard lock(guard_);
    const std::uint32_t node = find_entry(key);
    if (node == none || kept_until(node) <= at || quarantines_.would_hide(key, at))
        return std::nullopt;
    Cached entry = entry_of(node);
    entry.is_stale = entry.expires <= at;
    return entry;
}

std::uint32_t LruShard::find(Key key) const {
    return index_.find(hash_of(key),
                       [&](std::uint32_t node) { return nodes_[node].key == key; });
}

// What is past its time is dropped first: then nothing is there.
bool LruShard::holds(const Condition& condition, Condition::Change change, Key key,
                     std::uint32_t& node, LazyClock& clock) {
    if (condition.kind() == Condition::Kind::always) return true;
    if (node != none && is_gone(node, clock)) {
        count_if_expired(node, clock);
        lose(node, clock);
        node = none;
    }
    Condition::There there;
    if (node != none) {
        there = {nodes_[node].stamp, nodes_[node].version};
    } else if (const Version version = remembered_.of(key, clock); version != 0) {
        there = {unnamed, version};
    }
    return condition.holds(
        change, there, [&](Stamp lease) { return leases_.is_valid(key, lease, clock); },
        [&](Stamp stamp) { return quarantines_.is_valid(key, stamp); });
}

void LruShard::count_if_expired(std::uint32_t node, LazyClock& clock) {
    if (nodes_[node].is_entry() && clock.was_past(nodes_[node].expires)) ++counts_.expirations;
}

Cached LruShard::entry_of(std::uint32_t node) const {
    const Node& main = nodes_[node];
    const Rest& rest = rest_[node];
    Cached entry{.row = {.version = main.version},
                 .expires = main.expires,
                 .born = rest.born,
                 .stamp = main.stamp,
                 .grace = rest.grace,
                 .load_time = rest.load_time,
                 .slack = rest.slack};
    if (main.kind == Kind::value) entry.row.bytes = main.bytes;
    return entry;
}

// Makes it the newest entry, in `node` if the key has one. Answers its stamp.
Stamp LruShard::fill(std::uint32_t node, Key key, const Row& row, const Life& life,
                     LazyClock& clock) {
    const std::uint64_t charge = charge_bytes(row.bytes ? row.bytes->size() : 0);
    if (charge > capacity_bytes_) {
        ++counts_.fills_refused;
        if (node != none) lose(node, clock);
        return no_stamp;
    }
    ++counts_.fills;
    node = make_newest(node, key);
    Node& main = nodes_[node];
    Rest& rest = rest_[node];
    main.bytes = row.bytes.value_or(Bytes());
    main.kind = row.bytes ? Kind::value : Kind::absence;
    main.version = row.version;
    main.expires = clock.after(life.ttl);
    const Stamp stamp = main.stamp = next_stamp();
    rest.born = main.expires == never ? Instant{0} : main.expires - life.ttl - life.age;
    rest.grace = life.grace;
    // No bound holds for an entry that lives for ever: the clock is left alone.
    rest.slack = main.expires == never ? Duration{0} : clock.since(life.load_began);
    if (life.load_time > Duration{0}) rest.load_time = life.load_time;
    ++entries_;
    bytes_ += charge;
    make_room(clock);
    return stamp;
}

// A tombstone never forgets a version that was here.
void LruShard::leave_tombstone(std::uint32_t node, Key key, const Remains& remains,
                               LazyClock& clock) {
    const Version here = node == none ? 0 : nodes_[node].version;
    if (node != none) drop(node);
    if (!remembered_.is_off())
        return remembered_.note(key, std::max(here, remains.version), clock);
    if (charge_bytes(0) > capacity_bytes_) return;
    node = make_newest(none, key);
    nodes_[node].kind = Kind::tombstone;
    nodes_[node].version = std::max(here, remains.version);
    nodes_[node].expires = clock.after(remains.ttl);
    nodes_[node].stamp = next_stamp();
    bytes_ += charge_bytes(0);
    make_room(clock);
}

// Of `node`, or of a new one if that is none, with neither entry nor tombstone.
std::uint32_t LruShard::make_newest(std::uint32_t node, Key key) {
    if (node != none) {
        forget_charge(node);
        touch(node);
        return node;
    }
    node = take_free();
    nodes_[node].key = key;
    index_.insert(hash_of(key), node);
    link_first(node);
    return node;
}

void LruShard::make_room(LazyClock& clock) {
    while (bytes_ > capacity_bytes_) evict_node(oldest_, clock);
}

void LruShard::evict_node(std::uint32_t node, LazyClock& clock) {
    if (nodes_[node].is_entry())
        ++(clock.was_past(nodes_[node].expires) ? counts_.expirations : counts_.evictions);
    lose(node, clock);
}

void LruShard::forget_charge(std::uint32_t node) {
    bytes_ -= charge_bytes(nodes_[node].bytes.size());
    if (nodes_[node].is_entry()) --entries_;
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
    forget_charge(node);
    nodes_[node].bytes = Bytes();
    rest_[node] = Rest();
    rest_[node].older = std::exchange(free_, node);
}

// What is lost may be remembered.
void LruShard::lose(std::uint32_t node, LazyClock& clock) {
    remembered_.note(nodes_[node].key, nodes_[node].version, clock);
    drop(node);
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
