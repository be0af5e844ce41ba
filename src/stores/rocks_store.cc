// SPDX-License-Identifier: Apache-2.0
#include "stores/rocks_store.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/perf_context.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <map>

#include "core/counts.h"
#include "core/errors.h"
#include "core/random.h"
#include "stores/rocks_compression.h"
#include "stores/rocks_row.h"

namespace stalemark {
namespace {

constexpr std::size_t stripes_total = 1'024;    // A power of two.
constexpr std::size_t read_counts_total = 64;   // A power of two.
constexpr std::size_t row_overhead_bytes = 32;  // Key, version and what a batch adds.

void require(const rocksdb::Status& status, std::string_view doing,
             const std::filesystem::path& folder) {
    if (status.ok()) return;
    throw RunError(fmt::format("cannot {} the database in '{}': {}", doing, folder.string(),
                               status.ToString()));
}

// RocksDB's diary fills a file in the folder at every opening, and a debug build ends the
// program when it cannot be written: a full disk would be no error any more.
class NoDiary final : public rocksdb::Logger {
public:
    using rocksdb::Logger::Logv;
    void Logv(const char* /*format*/, va_list /*values*/) override {}
};

rocksdb::Options options_of(const StoreSettings& asked) {
    rocksdb::BlockBasedTableOptions table;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    table.block_cache = rocksdb::NewLRUCache(asked.block_cache_bytes);

    rocksdb::Options options;
    options.create_if_missing = true;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    options.compression = rocks_type_of(asked.compression);
    options.level_compaction_dynamic_level_bytes = true;
    options.max_background_jobs = 2;
    options.disable_auto_compactions = asked.loading;
    options.WAL_ttl_seconds = asked.keeps_log ? RocksLog::kept_seconds : 0;
    options.info_log = std::make_shared<NoDiary>();
    options.stats_dump_period_sec = 0;
    options.stats_persist_period_sec = 0;
    return options;
}

}  // namespace

RocksFacts RocksFacts::operator-(const RocksFacts& earlier) const {
    RocksFacts difference = difference_of(*this, earlier);
    difference.compaction_pending_bytes = compaction_pending_bytes;
    difference.disk_bytes = disk_bytes;
    return difference;
}

std::unique_ptr<RocksStore> RocksStore::open(const StoreSettings& settings) {
    rocksdb::DB* db = nullptr;
    require(rocksdb::DB::Open(options_of(settings), settings.folder.string(), &db), "open",
            settings.folder);
    return std::unique_ptr<RocksStore>(
        new RocksStore(std::unique_ptr<rocksdb::DB>(db), settings));
}

// Every change uses up a sequence number of the whole database and a version of its stripe
// alone, so no version so far is above the database's sequence number: numbering may go on from
// there. (A write that fails may use up a version only; that is noticed when the store is
// opened again after the disk was in trouble, if at all.)
RocksStore::RocksStore(std::unique_ptr<rocksdb::DB> db, const StoreSettings& settings)
    : db_(std::move(db)),
      settings_(settings),
      stripes_(stripes_total),
      read_counts_(read_counts_total) {
    for (Stripe& stripe : stripes_) stripe.version = db_->GetLatestSequenceNumber();
    if (settings.keeps_log && !settings.loading) {
        log_ = std::make_unique<RocksLog>(
            *db_, [this](const rocksdb::Status& trouble) { keep(trouble); });
    }
}

RocksStore::~RocksStore() = default;

Result<Row> RocksStore::get(Key key) {
    static const rocksdb::ReadOptions how;
    const Word name = name_of(key);
    // This thread's own counts, which RocksDB keeps anyway: its statistics would cost more.
    // Where they lie tells threads apart.
    const rocksdb::PerfContext& counts = *rocksdb::get_perf_context();
    const std::uint64_t hits = counts.block_cache_hit_count;
    const std::uint64_t misses = counts.block_read_count;
    const auto row = std::make_shared<rocksdb::PinnableSlice>();
    const auto status = db_->Get(how, db_->DefaultColumnFamily(), slice_of(name), row.get());
    ReadCounts& sums =
        read_counts_[mix(reinterpret_cast<std::uintptr_t>(&counts)) % read_counts_.size()];
    if (counts.block_cache_hit_count > hits) {
        sums.block_cache_hits += counts.block_cache_hit_count - hits;
    }
    if (counts.block_read_count > misses) {
        sums.block_cache_misses += counts.block_read_count - misses;
    }
    if (status.IsNotFound()) return Row();
    if (!status.ok() || row->size() < sizeof(Word)) {
        keep(status.ok() ? rocksdb::Status::Corruption("a row without version") : status);
        return std::unexpected(Trouble::failed);
    }
    const RowHead head = head_in(*row);
    if (head.is_deleted) return Row{.version = head.version};
    // Lent by the block that has the row: copying it would cost more than finding it.
    const std::string_view bytes(row->data() + sizeof(Word), row->size() - sizeof(Word));
    return Row{Bytes::lent(row, bytes), head.version};
}

Result<Version> RocksStore::put(Key key, const Bytes& bytes) { return change(key, &bytes); }

Result<Version> RocksStore::erase(Key key) { return change(key, nullptr); }

Result<void> RocksStore::write(std::span<const Change> changes) {
    std::vector<Stripe*> stripes;
    std::size_t bytes_total = 0;
    for (const Change& change : changes) {
        stripes.push_back(&stripe_of(change.key));
        bytes_total += row_overhead_bytes + (change.bytes ? change.bytes->size() : 0);
    }
    std::ranges::sort(stripes);
    stripes.erase(std::ranges::unique(stripes).begin(), stripes.end());
    std::vector<std::unique_lock<Stripe>> locks;
    for (Stripe* const stripe : stripes) locks.emplace_back(*stripe);

    rocksdb::WriteBatch batch(bytes_total);
    for (const Change& change : changes) {
        add(batch, stripe_of(change.key), change.key, change.bytes ? &*change.bytes : nullptr);
    }
    return commit(batch);
}

Result<Version> RocksStore::change(Key key, const Bytes* bytes) {
    rocksdb::WriteBatch batch(row_overhead_bytes + (bytes == nullptr ? 0 : bytes->size()));
    Stripe& stripe = stripe_of(key);
    const std::lock_guard lock(stripe);
    add(batch, stripe, key, bytes);
    if (const auto committed = commit(batch); !committed) {
        return std::unexpected(committed.error());
    }
    return stripe.version;
}

// Requires: the stripe is held.
void RocksStore::add(rocksdb::WriteBatch& batch, Stripe& stripe, Key key, const Bytes* bytes) {
    const Word name = name_of(key);
    const Word head = word_of({.version = ++stripe.version, .is_deleted = bytes == nullptr});
    const std::string_view value = bytes == nullptr ? std::string_view() : bytes->view();
    stripe.user_bytes += name.size() + value.size();
    const std::array parts = {slice_of(head), slice_of(value)};
    const rocksdb::Slice name_slice = slice_of(name);
    batch.Put(rocksdb::SliceParts(&name_slice, 1),
              rocksdb::SliceParts(parts.data(), static_cast<int>(parts.size())));
}

Result<void> RocksStore::commit(rocksdb::WriteBatch& batch) {
    rocksdb::WriteOptions how;
    how.sync = settings_.sync;
    how.disableWAL = settings_.loading;
    const auto status = db_->Write(how, &batch);
    if (status.ok()) return {};
    keep(status);
    return std::unexpected(Trouble::unknown);
}

RocksStore::Stripe& RocksStore::stripe_of(Key key) {
    return stripes_[mix(index_of(key)) % stripes_.size()];
}

void RocksStore::keep(const rocksdb::Status& trouble) {
    const std::lock_guard lock(guard_);
    last_trouble_ = trouble.ToString();
}

std::string RocksStore::last_trouble() const {
    const std::lock_guard lock(guard_);
    return last_trouble_;
}

RocksFacts RocksStore::rocks_facts() {
    using Properties = rocksdb::DB::Properties;
    const auto number = [&](const std::string& property) {
        std::uint64_t value = 0;
        db_->GetIntProperty(property, &value);
        return value;
    };
    std::map<std::string, std::string> of_database;
    std::map<std::string, std::string> of_tables;
    db_->GetMapProperty(Properties::kDBStats, &of_database);
    db_->GetMapProperty(Properties::kCFStats, &of_tables);
    constexpr double gibibyte = 1 << 30;
    RocksFacts facts{
        .log_bytes = std::stoull(of_database.at("db.wal_bytes_written")),
        .table_bytes = static_cast<std::uint64_t>(
            std::stod(of_tables.at("compaction.Sum.WriteGB")) * gibibyte),
        .log_syncs = std::stoull(of_database.at("db.wal_syncs")),
        .compaction_pending_bytes = number(Properties::kEstimatePendingCompactionBytes),
        .disk_bytes = number(Properties::kLiveSstFilesSize)};
    for (Stripe& stripe : stripes_) {
        const std::lock_guard lock(stripe);
        facts.user_bytes += stripe.user_bytes;
    }
    for (const ReadCounts& counts : read_counts_) {
        facts.block_cache_hits += counts.block_cache_hits;
        facts.block_cache_misses += counts.block_cache_misses;
    }
    return facts;
}

StoreFacts RocksStore::facts() {
    const RocksFacts facts = rocks_facts();
    return {{"bytes_written", facts.bytes_written()},
            {"user_bytes_written", facts.user_bytes},
            {"log_bytes", facts.log_bytes},
            {"table_bytes", facts.table_bytes},
            {"block_cache_hits", facts.block_cache_hits},
            {"block_cache_misses", facts.block_cache_misses},
            {"compaction_pending_bytes_now", facts.compaction_pending_bytes},
            {"disk_bytes_now", facts.disk_bytes}};
}

void RocksStore::settle() {
    const std::filesystem::path folder = db_->GetName();
    if (const std::string trouble = last_trouble(); !trouble.empty()) {
        throw RunError(
            fmt::format("cannot load the database in '{}': {}", folder.string(), trouble));
    }
    require(db_->Flush(rocksdb::FlushOptions()), "flush", folder);
    rocksdb::CompactRangeOptions how;
    how.max_subcompactions = 2;
    require(db_->CompactRange(how, nullptr, nullptr), "compact", folder);
}

}  // namespace stalemark
