// SPDX-License-Identifier: Apache-2.0
// One part of the cache "lru": a list of entries, the most recently used first, and an index.
//
// Any number of tasks may call a shard at once. Nothing waits under its mutex.

#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "caches/cache.h"
#include "caches/lazy_clock.h"
#include "caches/leases.h"
#include "caches/node_index.h"
#include "caches/quarantines.h"
#include "caches/remembered_versions.h"
#include "caches/short_mutex.h"
#include "runtime/runtime.h"

namespace stalemark {

class LruShard {
public:
    // Its stamps are first_stamp, first_stamp + stamp_step, ...
    LruShard(std::uint64_t capacity_bytes, Stamp first_stamp, Stamp stamp_step,
             RememberedVersions remembered)
        : next_stamp_(first_stamp),
          stamp_step_(stamp_step),
          capacity_bytes_(capacity_bytes),
          remembered_(std::move(remembered)) {}

    // As in Cache.
    std::expected<Cached, Missed> get(Key key, const Look& look, LazyClock clock);
    Stamp put(Key key, const Row& row, const Life& life, const Condition& condition,
              LazyClock clock);
    bool erase(Key key, const Condition& condition, const Remains& remains, LazyClock clock);
    std::uint64_t clear();
    void evict(Key key, LazyClock clock);
    void visit(Instant at, const std::function<void(Key, const Cached&)>& see);
    std::optional<Cached> peek(Key key, Instant at);

    CacheCounts counts() {
        const std::lock_guard lock(guard_);
        return counts_;
    }
    CacheUse use() {
        const std::lock_guard lock(guard_);
        return {.entries = entries_, .bytes = bytes_};
    }

private:
    static constexpr std::uint32_t none = NodeIndex::none;

    enum class Kind : std::uint8_t { value, absence, tombstone };

    struct alignas(64) Node {  // A cache line, which a hit does not write to.
        Key key{};
        Bytes bytes;
        Kind kind = Kind::absence;
        Version version = 0;
        Instant expires = never;
        Stamp stamp = no_stamp;

        bool is_entry() const { return kind != Kind::tombstone; }
    };

    struct Rest {  // Of a node.
        std::uint32_t newer = none;
        std::uint32_t older = none;  // Of a free node: the next free one.
        Duration grace{0};
        Duration load_time{0};
        Instant born{0};
        Duration slack{0};
    };

    std::uint32_t find(Key key) const;
    std::uint32_t find_entry(Key key) const {
        const std::uint32_t node = find(key);
        return node != none && nodes_[node].is_entry() ? node : none;
    }
    bool is_gone(std::uint32_t node, LazyClock& clock) const {
        return clock.is_past(kept_until(node));
    }
    Instant kept_until(std::uint32_t node) const {
        return Cached{.expires = nodes_[node].expires, .grace = rest_[node].grace}.kept_until();
    }
    Cached entry_of(std::uint32_t node) const;
    Missed missed(Key key, const Look& look, LazyClock& clock);
    void settle(Key key, LazyClock& clock);
    bool holds(const Condition& condition, Condition::Change change, Key key,
               std::uint32_t& node, LazyClock& clock);
    void count_if_expired(std::uint32_t node, LazyClock& clock);
    std::uint32_t make_newest(std::uint32_t node, Key key);
    void forget_charge(std::uint32_t node);
    Stamp fill(std::uint32_t node, Key key, const Row& row, const Life& life, LazyClock& clock);
    void leave_tombstone(std::uint32_t node, Key key, const Remains& remains, LazyClock& clock);
    void make_room(LazyClock& clock);
    void evict_node(std::uint32_t node, LazyClock& clock);
    Stamp next_stamp() { return std::exchange(next_stamp_, next_stamp_ + stamp_step_); }
    std::uint32_t take_free();
    void drop(std::uint32_t node);
    void lose(std::uint32_t node, LazyClock& clock);
    void link_first(std::uint32_t node);
    void unlink(std::uint32_t node);
    void touch(std::uint32_t node);

    // In the order of use: a hit on the newest entry writes to the first cache line alone, and
    // two shards share none.
    alignas(64) ShortMutex guard_;
    std::uint32_t newest_ = none;
    std::uint32_t oldest_ = none;
    bool has_quarantines_ = false;  // Whether quarantines_ has any.
    CacheCounts counts_;
    std::uint64_t bytes_ = 0;
    std::uint64_t entries_ = 0;
    Stamp next_stamp_;
    const Stamp stamp_step_;
    const std::uint64_t capacity_bytes_;
    std::uint32_t free_ = none;
    NodeIndex index_;
    std::vector<Node> nodes_;
    std::vector<Rest> rest_;  // Of the node with the same number.
    Leases leases_;
    RememberedVersions remembered_;
    Quarantines quarantines_;
};

}  // namespace stalemark
