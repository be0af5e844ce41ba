// One part of the cache "lru": a list of entries, the most recently used first, and an index.
//
// Any number of tasks may call a shard at once. Nothing waits under its mutex.

#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "caches/cache.h"
#include "caches/node_index.h"
#include "runtime/runtime.h"

namespace stalemark {

// Reads the runtime's clock when somebody asks, and only once: reading costs as much as half a hit.
class LazyClock {
public:
    explicit LazyClock(const Runtime& runtime) : runtime_(runtime) {}

    bool is_past(Instant expires) { return expires != never && expires <= now(); }

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

class alignas(64) LruShard {  // Neighbours share no cache line.
public:
    // Its tokens are first_token, first_token + token_step, ...
    LruShard(std::uint64_t capacity_bytes, std::uint64_t first_token, std::uint64_t token_step)
        : capacity_bytes_(capacity_bytes), next_token_(first_token), token_step_(token_step) {}

    // As in Cache. `hash` belongs to `key`.
    std::expected<Cached, Miss> get(Key key, std::uint32_t hash, LazyClock clock);
    void put(Key key, std::uint32_t hash, const std::optional<Value>& value, Duration ttl,
             LazyClock clock);
    bool replace(Key key, std::uint32_t hash, std::uint64_t token,
                 const std::optional<Value>& value, Duration ttl, LazyClock clock);
    void erase(Key key, std::uint32_t hash, LazyClock clock);
    void visit(Instant at, const std::function<void(Key, const Cached&)>& see);

    CacheCounts counts();
    CacheUse use();

private:
    static constexpr std::uint32_t none = NodeIndex::none;

    struct Node {
        Key key{};
        Cached entry;
        std::uint32_t hash = 0;
        std::uint32_t newer = none;
        std::uint32_t older = none;  // In a free node: the next free one.
    };

    std::uint32_t find(Key key, std::uint32_t hash) const;
    void fill(std::uint32_t node, Key key, std::uint32_t hash, Cached entry, LazyClock& clock);
    std::uint32_t take_free();
    void drop(std::uint32_t node);
    void link_first(std::uint32_t node);
    void unlink(std::uint32_t node);
    void touch(std::uint32_t node);

    std::mutex guard_;
    const std::uint64_t capacity_bytes_;
    std::uint64_t next_token_;
    const std::uint64_t token_step_;
    std::uint64_t bytes_ = 0;
    std::uint64_t entries_ = 0;
    CacheCounts counts_;
    std::uint32_t newest_ = none;
    std::uint32_t oldest_ = none;
    std::uint32_t free_ = none;
    std::vector<Node> nodes_;
    NodeIndex index_;
};

}  // namespace stalemark
