// SPDX-License-Identifier: Apache-2.0
#include "stores/rocks_log.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "stores/rocks_row.h"

namespace stalemark {
namespace {

using rocksdb::SequenceNumber;
using rocksdb::Slice;
using rocksdb::Status;

// Cursors of more readers than this are opened anew at each read.
constexpr std::size_t parked_max = 16;

// Turns the records of a batch into changes.
class Decoder final : public rocksdb::WriteBatch::Handler {
public:
    explicit Decoder(SequenceNumber first) : next_(first) {}

    Status PutCF(std::uint32_t /*family*/, const Slice& name, const Slice& row) override {
        if (name.size() != sizeof(Word) || row.size() < sizeof(Word)) {
            return Status::Corruption("a logged change without version");
        }
        const RowHead head = head_in(row);
        LoggedChange change{.position = LogPosition{next_++},
                            .key = key_in(name),
                            .version = head.version,
                            .is_delete = head.is_deleted};
        const Slice bytes(row.data() + sizeof(Word), row.size() - sizeof(Word));
        if (bytes.size() >= Header::size_bytes) {
            change.header = peek_header({bytes.data(), bytes.size()});
        }
        changes.push_back(change);
        return Status::OK();
    }

    std::vector<LoggedChange> changes;

private:
    SequenceNumber next_;
};

}  // namespace

// An iterator of RocksDB and what it has read but not handed out.
class RocksLog::Cursor {
public:
    explicit Cursor(LogPosition at) : at_(static_cast<SequenceNumber>(at)) {}

    LogPosition at() const { return LogPosition{at_}; }

    // Hands out the next change, which must have been committed.
    Status next(rocksdb::DB& db, LoggedChange& change) {
        while (handed_ == batch_.size()) {
            const Status status = read_batch(db);
            if (!status.ok()) return status;
        }
        change = batch_[handed_++];
        at_ = static_cast<SequenceNumber>(change.position);
        return Status::OK();
    }

private:
    Status read_batch(rocksdb::DB& db) {
        if (iterator_) iterator_->Next();
        // TryAgain: RocksDB has begun another log file since the iterator was opened.
        if (!iterator_ || iterator_->status().IsTryAgain()) {
            const Status status = open(db);
            if (!status.ok()) return status;
        }
        if (!iterator_->Valid()) {
            const Status status = iterator_->status();
            return status.ok() ? Status::NotFound(gone(at_ + 1)) : status;
        }
        const rocksdb::BatchResult read = iterator_->GetBatch();
        if (read.sequence > at_ + 1) return Status::NotFound(gone(read.sequence));
        Decoder decoder(read.sequence);
        const Status status = read.writeBatchPtr->Iterate(&decoder);
        batch_ = std::move(decoder.changes);
        const auto is_behind = [&](const LoggedChange& change) {
            return static_cast<SequenceNumber>(change.position) > at_;
        };
        handed_ =
            static_cast<std::size_t>(std::ranges::find_if(batch_, is_behind) - batch_.begin());
        return status;
    }

    // RocksDB would begin with the oldest change that is left; a build with assertions ends the
    // program if that is just being committed.
    Status open(rocksdb::DB& db) {
        rocksdb::VectorLogPtr files;
        Status status = db.GetSortedWalFiles(files);
        if (!status.ok()) return status;
        if (files.empty() || files.front()->StartSequence() > at_ + 1) {
            return Status::NotFound(
                gone(files.empty() ? at_ + 1 : files.front()->StartSequence()));
        }
        return db.GetUpdatesSince(at_ + 1, &iterator_);
    }

    std::string gone(SequenceNumber oldest) const {
        return fmt::format("the commit log has no change {} any more, it goes on at {}",
                           at_ + 1, oldest);
    }

    SequenceNumber at_;
    std::unique_ptr<rocksdb::TransactionLogIterator> iterator_;
    std::vector<LoggedChange> batch_;
    std::size_t handed_ = 0;
};

RocksLog::RocksLog(rocksdb::DB& db, std::function<void(const Status&)> on_trouble)
    : db_(db), on_trouble_(std::move(on_trouble)) {}

RocksLog::~RocksLog() = default;

Result<LogPosition> RocksLog::end() { return LogPosition{db_.GetLatestSequenceNumber()}; }

Result<std::vector<LoggedChange>> RocksLog::read(LogPosition from, std::size_t most) {
    // No further than what is committed by now: at the end of the log an iterator cannot tell
    // changes that are just coming from another log file.
    const LogPosition end{db_.GetLatestSequenceNumber()};
    if (from > end) {
        on_trouble_(Status::NotFound("a place behind the end of the commit log"));
        return std::unexpected(Trouble::failed);
    }
    std::vector<LoggedChange> changes;
    if (from == end) return changes;
    Cursor cursor = take(from);
    while (cursor.at() < end && changes.size() < most) {
        if (const Status status = cursor.next(db_, changes.emplace_back()); !status.ok()) {
            on_trouble_(status);
            return std::unexpected(Trouble::failed);
        }
    }
    park(std::move(cursor));
    return changes;
}

RocksLog::Cursor RocksLog::take(LogPosition from) {
    const std::lock_guard lock(guard_);
    const auto found = std::ranges::find(parked_, from, &Cursor::at);
    if (found == parked_.end()) return Cursor(from);
    Cursor cursor = std::move(*found);
    parked_.erase(found);
    return cursor;
}

void RocksLog::park(Cursor cursor) {
    const std::lock_guard lock(guard_);
    if (parked_.size() == parked_max) parked_.erase(parked_.begin());
    parked_.push_back(std::move(cursor));
}

}  // namespace stalemark
