// SPDX-License-Identifier: Apache-2.0
#include "stores/memory_store.h"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace stalemark {
namespace {

class MemoryLog final : public CommitLog {
public:
    // Requires: the changed rows are locked, so that they are logged in the order of their
    // versions. Gives each change its place.
    void append(std::span<LoggedChange> changes) {
        const std::lock_guard lock(guard_);
        for (LoggedChange& change : changes) {
            change.position = LogPosition{changes_.size() + 1};
            changes_.push_back(change);
        }
    }

    Result<LogPosition> end() override {
        const std::lock_guard lock(guard_);
        return LogPosition{changes_.size()};
    }

    Result<std::vector<LoggedChange>> read(LogPosition from, std::size_t most) override {
        const std::lock_guard lock(guard_);
        const auto begin = static_cast<std::size_t>(from);
        if (begin > changes_.size()) return std::unexpected(Trouble::failed);
        const auto first = changes_.begin() + static_cast<std::ptrdiff_t>(begin);
        const std::size_t count = std::min(most, changes_.size() - begin);
        return std::vector(first, first + static_cast<std::ptrdiff_t>(count));
    }

private:
    std::mutex guard_;
    std::deque<LoggedChange> changes_;
};

class MemoryStore final : public Store {
public:
    explicit MemoryStore(const StoreSettings& settings) {
        if (settings.keeps_log) log_.emplace();
    }

    Result<Row> get(Key key) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        const Row* const row = shard.find(key);
        return row == nullptr ? Row() : *row;
    }

    void fetch(Key key) override {
        Shard& shard = shard_of(key);
        const std::lock_guard lock(shard.guard);
        const Row* const row = shard.find(key);
        if (row != nullptr && row->bytes) row->bytes->fetch();
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
        std::vector<LoggedChange> made;
        for (const Change& change : changes) {
            Row& row = shard_of(change.key).row(change.key);
            make(row, change.bytes);
            if (log_) made.push_back(last_change(change.key, row));
        }
        if (log_) log_->append(made);
        return {};
    }

    CommitLog* log() override { return log_ ? &*log_ : nullptr; }

private:
    static void make(Row& row, const std::optional<Bytes>& bytes) {
        row = {bytes, row.version + 1};
    }

    static LoggedChange last_change(Key key, const Row& row) {
        LoggedChange change{.key = key, .version = row.version, .is_delete = !row.bytes};
        if (row.bytes && row.bytes->size() >= Header::size_bytes) {
            change.header = peek_header(row.bytes->view());
        }
        return change;
    }

    // Keys are dense: rows in blocks are found with one wait for memory, where a map of rows
    // takes three.
    static constexpr std::size_t block_rows = 512;
    using Block = std::array<Row, block_rows>;

    struct alignas(64) Shard {
        std::mutex guard;
        std::unordered_map<std::size_t, Block> blocks;

        const Row* find(Key key) const {
            const auto block = blocks.find(block_of(key));
            return block == blocks.end() ? nullptr : &block->second[place_of(key)];
        }

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
        Row& row = shard.row(key);
        make(row, bytes);
        if (log_) {
            LoggedChange made = last_change(key, row);
            log_->append({&made, 1});
        }
        return row.version;
    }

    std::array<Shard, shards_total> shards_;
    std::optional<MemoryLog> log_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(const StoreSettings& settings) {
    return std::make_unique<MemoryStore>(settings);
}

}  // namespace stalemark
