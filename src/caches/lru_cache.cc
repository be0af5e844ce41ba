// SPDX-License-Identifier: Apache-2.0
#include "caches/lru_cache.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "caches/charge.h"
#include "caches/lru_shard.h"
#include "core/random.h"

namespace stalemark {
namespace {

constexpr std::uint64_t shards_most = 256;
constexpr std::uint64_t entries_least = 64;  // Of typical size, in a shard.

std::size_t remembered_by_shard(const CacheSettings& settings, std::uint64_t shards) {
    return (settings.remembered_keys + shards - 1) / shards;
}

class LruCache final : public LocalCache {
public:
    LruCache(const CacheSettings& settings, Runtime& runtime)
        : runtime_(runtime), capacity_bytes_(settings.capacity_bytes) {
        const std::uint64_t shards = lru_shards(settings);
        const std::uint64_t room = capacity_bytes_ == 0
                                       ? std::numeric_limits<std::uint64_t>::max()
                                       : capacity_bytes_ / shards;
        for (std::uint64_t shard = 0; shard < shards; ++shard) {
            shards_.push_back(std::make_unique<LruShard>(
                room, shard + 1, shards,
                RememberedVersions(remembered_by_shard(settings, shards),
                                   settings.remembered_for)));
        }
    }

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        return shard_of(key).get(key, look, clock());
    }

    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override {
        return shard_of(key).put(key, row, life, condition, clock());
    }

    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override {
        return shard_of(key).erase(key, condition, remains, clock());
    }

    std::uint64_t clear() override {
        std::uint64_t dropped = 0;
        for (const auto& shard : shards_) dropped += shard->clear();
        return dropped;
    }

    void evict(Key key) override { shard_of(key).evict(key, clock()); }

    void visit(Instant at, const std::function<void(Key, const Cached&)>& see) override {
        for (const auto& shard : shards_) shard->visit(at, see);
    }

    std::optional<Cached> peek(Key key, Instant at) const override {
        return shard_of(key).peek(key, at);
    }

    CacheCounts counts() const override {
        CacheCounts sum;
        for (const auto& shard : shards_) sum += shard->counts();
        return sum;
    }

    CacheUse use() const override {
        CacheUse sum{.capacity_bytes = capacity_bytes_};
        for (const auto& shard : shards_) {
            const CacheUse part = shard->use();
            sum.entries += part.entries;
            sum.bytes += part.bytes;
        }
        return sum;
    }

private:
    LruShard& shard_of(Key key) const {
        return *shards_[(mix(index_of(key)) >> 32) & (shards_.size() - 1)];
    }

    LazyClock clock() const { return LazyClock(runtime_); }

    const Runtime& runtime_;
    const std::uint64_t capacity_bytes_;
    std::vector<std::unique_ptr<LruShard>> shards_;  // A power of two.
};

}  // namespace

std::uint64_t lru_shards(const CacheSettings& settings) {
    if (settings.shards != 0) return std::bit_floor(settings.shards);
    if (settings.capacity_bytes == 0) return shards_most;
    const std::uint64_t room = entries_least * charge_bytes(settings.value_bytes);
    return std::bit_floor(
        std::clamp(settings.capacity_bytes / room, std::uint64_t{1}, shards_most));
}

std::unique_ptr<LocalCache> make_lru_cache(const CacheSettings& settings, Runtime& runtime) {
    return std::make_unique<LruCache>(settings, runtime);
}

}  // namespace stalemark
