#include "stores/memory_store.h"

#include <array>
#include <mutex>
#include <set>
#include <unordered_map>

#include "core/random.h"

namespace stalemark {
namespace {

class MemoryStore final : public Store {
public:
    Result<std::optional<Value>> get(Key key) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        const auto found = shard.rows.find(key);
        if (found == shard.rows.end() || !found->second.bytes) return std::nullopt;
        return Value{*found->second.bytes, found->second.version};
    }

    Result<Version> put(Key key, const Bytes& bytes) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        return shard.change({key, bytes});
    }

    Result<Version> erase(Key key) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        return shard.change({key, std::nullopt});
    }

    Result<void> write(std::span<const Change> changes) override {
        std::set<std::size_t> involved;  // In order, so that two batches cannot wait for each other.
        for (const Change& change : changes) involved.insert(number_of(change.key));
        for (const std::size_t number : involved) shards_[number].guard.lock();
        for (const Change& change : changes) shard_of(change.key).change(change);
        for (const std::size_t number : involved) shards_[number].guard.unlock();
        return {};
    }

private:
    struct Row {
        Version version = 0;
        std::optional<Bytes> bytes;  // Nothing: deleted.
    };
    struct alignas(64) Shard {
        std::mutex guard;
        std::unordered_map<Key, Row> rows;

        // Requires: the guard is held.
        Version change(const Change& change) {
            Row& row = rows[change.key];
            row.bytes = change.bytes;
            return ++row.version;
        }
    };

    static constexpr std::size_t shard_count = 64;
    static std::size_t number_of(Key key) { return mix(index_of(key)) % shard_count; }
    Shard& shard_of(Key key) { return shards_[number_of(key)]; }

    std::array<Shard, shard_count> shards_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace stalemark
