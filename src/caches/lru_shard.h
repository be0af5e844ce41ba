// One part of the cache "lru": a list of entries, the most recently used first, and an index.
//
// Any number of tasks may call a shard at once. Nothing waits under its mutex.

#pragma once

#include <cstdint>
#include <vector>

#include "caches/cache.h"
#include "caches/node_index.h"
#include "caches/short_mutex.h"
#include "runtime/runtime.h"

namespace stalemark {

// Reads the runtime's clock when somebody asks, and only once: reading costs as much as half a
// hit.
class LazyClock {
public:
    explicit LazyClock(const Runtime& runtime) : runtime_(runtime) {}

    Duration since(Instant began) { return began == never ? Duration{0} : now() - began; }

    bool is_past(Instant expires) {
        if (expires == never) return false;
        return runtime_.is_watched() ? runtime_.is_over(expires) : expires <= now();
    }

    // For counts: nothing depends on it.
    bool was_past(Instant expires) { return expires != never && expires <= now(); }

    // The instant `ttl` from now; never if that is Duration::max() or out of range.
    Instant after(Duration ttl) {
        return ttl == Duration::max() || ttl > never - now() ? never : now() + ttl;
    }

private:
    Instant now() {
        if (now_ == unread) now_ = runtime_.now();
        return now_;
    }

    static constexpr Instant unread = Instant::min();
    const Runtime& runtime_;
    Instant now_ = unread;
};

class LruShard {
public:
    // Its tokens are first_token, first_token + token_step, ...
    LruShard(std::uint64_t capacity_bytes, std::uint64_t first_token, std::uint64_t token_step)
        : next_token_(first_token), token_step_(token_step), capacity_bytes_(capacity_bytes) {}

    // As in Cache.
    std::expected<Cached, Miss> get(Key key, Look look, LazyClock clock);
    std::uint64_t put(Key key, const std::optional<Value>& value, const Life& life,
                      LazyClock clock);
    bool replace(Key key, std::uint64_t token, const std::optional<Value>& value,
                 const Life& life, LazyClock clock);
    void erase(Key key, LazyClock clock);
    std::uint64_t clear();
    void visit(Instant at, const std::function<void(Key, const Cached&)>& see);
    std::optional<Cached> peek(Key key, Instant at);

    CacheCounts counts();
    CacheUse use();

private:
    static constexpr std::uint32_t none = NodeIndex::none;

    struct alignas(64) Node {  // A cache line, which a hit does not write to.
        Key key{};
        std::optional<Value> value;
        Instant expires = never;
        std::uint64_t token = no_entry;
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
    bool is_gone(std::uint32_t node, LazyClock& clock) const;
    Instant kept_until(std::uint32_t node) const;
    Cached entry_of(std::uint32_t node) const;
    std::uint64_t fill(std::uint32_t node, Key key, const std::optional<Value>& value,
                       const Life& life, LazyClock& clock);
    std::uint32_t take_free();
    void drop(std::uint32_t node);
    void link_first(std::uint32_t node);
    void unlink(std::uint32_t node);
    void touch(std::uint32_t node);

    // In the order of use: a hit on the newest entry writes to the first cache line alone, and
    // two shards share none.
    alignas(64) ShortMutex guard_;
    std::uint32_t newest_ = none;
    std::uint32_t oldest_ = none;
    CacheCounts counts_;
    std::uint64_t bytes_ = 0;
    std::uint64_t entries_ = 0;
    std::uint64_t next_token_;
    const std::uint64_t token_step_;
    const std::uint64_t capacity_bytes_;
    std::uint32_t free_ = none;
    NodeIndex index_;
    std::vector<Node> nodes_;
    std::vector<Rest> rest_;  // Of the node with the same number.
};

}  // namespace stalemark
