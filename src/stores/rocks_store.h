// SPDX-License-Identifier: Apache-2.0
// rocksdb: the source of truth on disk. docs/decisions/0002-rocksdb-settings.md tells how
// RocksDB is set up and why, rocks_row.h how a row lies in it.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "stores/rocks_log.h"
#include "stores/settings.h"
#include "stores/store.h"

namespace rocksdb {
class DB;
class Status;
class WriteBatch;
}  // namespace rocksdb

namespace stalemark {

// Since the store was opened, or, as a difference of two, since the earlier one was taken.
struct RocksFacts {
    std::uint64_t user_bytes = 0;   // Keys, 8 bytes each, and values that were to be written.
    std::uint64_t log_bytes = 0;    // What RocksDB wrote for them: its write-ahead log
    std::uint64_t table_bytes = 0;  // and, to about a KiB, tables by flushes and compactions.
    std::uint64_t log_syncs = 0;    // How often it waited for the disk to have the log.
    std::uint64_t block_cache_hits = 0;    // Of reads: blocks that were in RocksDB's own cache,
    std::uint64_t block_cache_misses = 0;  // and blocks that were not.

    // As they are now, in a difference too.
    std::uint64_t compaction_pending_bytes = 0;  // RocksDB's estimate.
    std::uint64_t disk_bytes = 0;                // Of tables.

    std::uint64_t bytes_written() const { return log_bytes + table_bytes; }
    RocksFacts operator-(const RocksFacts& earlier) const;
};

class RocksStore final : public Store {
public:
    // Opens the database in the settings' folder, making one if there is none. While loading it
    // writes no log and compacts nothing; its log is kept for an hour, on disk. Throws
    // RunError.
    static std::unique_ptr<RocksStore> open(const StoreSettings& settings);
    ~RocksStore() override;

    // A read that does not work has failed; of a write that does not, RocksDB cannot tell
    // whether the disk has it: unknown.
    Result<Row> get(Key key) override;
    Result<Version> put(Key key, const Bytes& bytes) override;
    Result<Version> erase(Key key) override;
    Result<void> write(std::span<const Change> changes) override;
    CommitLog* log() override { return log_.get(); }

    // What RocksDB said about the last call that came back with Trouble; empty if none did.
    std::string last_trouble() const;

    RocksFacts rocks_facts();
    StoreFacts facts() override;

    // Brings all rows into tables of the lowest level, where they need no further compaction.
    void settle() override;

private:
    // Holds while a row's version is drawn and its change made, so that versions ascend in the
    // order of the changes. A lock of its own make because a batch holds many, and
    // ThreadSanitizer cannot see one thread hold more than 64 mutexes.
    struct alignas(64) Stripe {
        std::atomic<int> held = 0;
        Version version = 0;  // The last drawn.
        std::uint64_t user_bytes = 0;

        void lock() {
            while (held.exchange(1) != 0) held.wait(1);
        }
        void unlock() {
            held = 0;
            held.notify_one();
        }
    };

    struct alignas(64) ReadCounts {
        std::atomic<std::uint64_t> block_cache_hits = 0;
        std::atomic<std::uint64_t> block_cache_misses = 0;
    };

    RocksStore(std::unique_ptr<rocksdb::DB> db, const StoreSettings& settings);

    Stripe& stripe_of(Key key);
    void add(rocksdb::WriteBatch& batch, Stripe& stripe, Key key, const Bytes* bytes);
    Result<Version> change(Key key, const Bytes* bytes);
    Result<void> commit(rocksdb::WriteBatch& batch);
    void keep(const rocksdb::Status& trouble);

    std::unique_ptr<rocksdb::DB> db_;
    std::unique_ptr<RocksLog> log_;
    const StoreSettings settings_;
    std::vector<Stripe> stripes_;
    std::vector<ReadCounts> read_counts_;  // Of a thread, which may share them with others.
    mutable std::mutex guard_;
    std::string last_trouble_;  // Under guard_.
};

}  // namespace stalemark
