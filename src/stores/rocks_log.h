// SPDX-License-Identifier: Apache-2.0
// The commit log of rocksdb: its write-ahead log, read back. A place in it is a sequence
// number, of which each change has one. docs/decisions/0012-commit-log.md tells what it costs.

#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "stores/commit_log.h"

namespace rocksdb {
class DB;
class Status;
}  // namespace rocksdb

namespace stalemark {

class RocksLog final : public CommitLog {
public:
    // How long RocksDB keeps a log file after it has been closed.
    static constexpr std::uint64_t kept_seconds = 3'600;

    // `on_trouble` is told why a read has failed. Requires: `db` outlives the log, writes
    // through its write-ahead log and keeps that.
    RocksLog(rocksdb::DB& db, std::function<void(const rocksdb::Status&)> on_trouble);
    ~RocksLog() override;

    Result<LogPosition> end() override;

    // Going on where a read has ended costs what the changes are long; from elsewhere, the log
    // file in which `from` lies is read from its beginning.
    Result<std::vector<LoggedChange>> read(LogPosition from, std::size_t most) override;

private:
    class Cursor;

    Cursor take(LogPosition from);
    void park(Cursor cursor);

    rocksdb::DB& db_;
    const std::function<void(const rocksdb::Status&)> on_trouble_;
    std::mutex guard_;
    std::vector<Cursor> parked_;  // Under guard_: where reads have ended, oldest first.
};

}  // namespace stalemark
