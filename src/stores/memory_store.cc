#include "stores/memory_store.h"

#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/random.h"

namespace stalemark {
namespace {

class MemoryStore final : public Store {
public:
    Result<std::optional<Value>> get(Key key) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        const auto row = shard.rows.find(key);
        if (row == shard.rows.end() || !row->second.bytes) return std::nullopt;
        return Value{.bytes = *row->second.bytes, .version = row->second.version};
    }

    Result<Version> put(Key key, const Bytes& bytes) override { return change(key, bytes); }
    Result<Version> erase(Key key) override { return change(key, std::nullopt); }

    Result<void> write(std::span<const Change> changes) override {
        std::array<bool, shards_total> involved{};
        for (const Change& change : changes) involved[shard_index(change.key)] = true;
        std::vector<std::unique_lock<std::mutex>> locks;
        for (std::size_t shard = 0; shard < shards_total; ++shard) {
            if (involved[shard]) locks.emplace_back(shards_[shard].guard);
        }
        for (const Change& change : changes) {
            shard_of(change.key).rows[change.key].set(change.bytes);
        }
        return {};
    }

private:
    struct Row {
        Version version = 0;
        std::optional<Bytes> bytes;  // Nothing: erased.

        Version set(const std::optional<Bytes>& to) {
            bytes = to;
            return ++version;
        }
    };

    struct alignas(64) Shard {
        std::mutex guard;
        std::unordered_map<Key, Row> rows;
    };

    // Fewer than the 64 mutexes that ThreadSanitizer can see one thread hold.
    static constexpr std::size_t shards_total = 32;

    static std::size_t shard_index(Key key) { return mix(index_of(key)) % shards_total; }
    Shard& shard_of(Key key) { return shards_[shard_index(key)]; }

    Version change(Key key, const std::optional<Bytes>& bytes) {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        return shard.rows[key].set(bytes);
    }

    std::array<Shard, shards_total> shards_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace stalemark
