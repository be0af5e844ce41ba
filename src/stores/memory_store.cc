#include "stores/memory_store.h"

#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace stalemark {
namespace {

class MemoryStore final : public Store {
public:
    Result<std::optional<Value>> get(Key key) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        const auto block = shard.blocks.find(block_of(key));
        if (block == shard.blocks.end()) return std::nullopt;
        const Row& row = block->second[place_of(key)];
        if (!row.bytes) return std::nullopt;
        return Value{.bytes = *row.bytes, .version = row.version};
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
            shard_of(change.key).row(change.key).set(change.bytes);
        }
        return {};
    }

private:
    struct Row {
        Version version = 0;
        std::optional<Bytes> bytes;  // Nothing: erased, or never there.

        Version set(const std::optional<Bytes>& to) {
            bytes = to;
            return ++version;
        }
    };

    // Keys are dense: rows in blocks are found with one wait for memory, where a map of rows
    // takes three.
    static constexpr std::size_t block_rows = 64;
    using Block = std::array<Row, block_rows>;

    struct alignas(64) Shard {
        std::mutex guard;
        std::unordered_map<std::size_t, Block> blocks;

        Row& row(Key key) { return blocks[block_of(key)][place_of(key)]; }
    };

    // Fewer than the 64 mutexes that ThreadSanitizer can see one thread hold. Neighbours, which
    // may all be popular, lie in different shards.
    static constexpr std::size_t shards_total = 32;

    static std::size_t shard_index(Key key) { return index_of(key) % shards_total; }
    static std::size_t block_of(Key key) { return index_of(key) / shards_total / block_rows; }
    static std::size_t place_of(Key key) { return index_of(key) / shards_total % block_rows; }
    Shard& shard_of(Key key) { return shards_[shard_index(key)]; }

    Version change(Key key, const std::optional<Bytes>& bytes) {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        return shard.row(key).set(bytes);
    }

    std::array<Shard, shards_total> shards_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace stalemark
