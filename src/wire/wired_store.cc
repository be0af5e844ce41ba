// SPDX-License-Identifier: Apache-2.0
#include "wire/wired_store.h"

#include <memory>
#include <utility>

namespace stalemark {
namespace {

Header header_of(const Bytes& bytes) {
    if (bytes.size() < Header::size_bytes) return {};
    return peek_header(bytes.view());
}

Stored stored_by(const Change& change) {
    if (!change.bytes) return {change.key, std::nullopt};
    return {change.key, header_of(*change.bytes)};
}

}  // namespace

WiredStore::WiredStore(Store& store, Wire& wire, std::uint64_t keys,
                       std::function<void(const Stored&)> on_stored)
    : store_(store),
      wire_(wire),
      on_stored_(std::move(on_stored)),
      under_way_(keys),
      accounts_(wire.runtime()),
      calls_(wire.runtime()) {
    if (CommitLog* const far = store_.log()) log_.emplace(*this, *far);
}

Result<Row> WiredStore::get(Key key) {
    wire_.runtime().point({"store", "get", key});
    Account& account = accounts_.mine();
    account.reads.add();
    if (!wire_.is_bare()) {  // Others have their turns before the row is read.
        under_way_.fetch(key);
        store_.fetch(key);
    }
    if (wire_.has_timeout()) {  // It is under way for as long as the call is, asker or no.
        const auto reading = std::make_shared<Reading>(under_way_, account, key);
        return carry(account, Trouble::failed, [this, key, reading] { return read(key); });
    }
    const Reading reading(under_way_, account, key);
    return carry(account, Trouble::failed, [this, key] { return read(key); });
}

// A row that is on its way back holds no memory of the store.
Result<Row> WiredStore::read(Key key) {
    auto row = store_.get(key);
    if (!wire_.is_bare() && row && row->bytes) row->bytes = row->bytes->kept();
    return row;
}

std::uint64_t WiredStore::take_concurrent_reads_max() {
    return under_way_.take_most([this] {
        std::uint64_t returned = 0;
        accounts_.for_each([&](const Account& one) { returned += one.returned.get(); });
        return counts().reads > returned;
    });
}

Result<Version> WiredStore::put(Key key, const Bytes& bytes) {
    wire_.runtime().point({"store", "put", key});
    Account& account = accounts_.mine();
    account.writes.add();
    return carry(
        account, Trouble::unknown, bytes,
        [this, key](const Bytes& sent) { return store_.put(key, sent); },
        [this, key, &account](const Bytes& sent, const Result<Version>& version) {
            if (version) note(account, {key, header_of(sent)});
        });
}

Result<Version> WiredStore::erase(Key key) {
    wire_.runtime().point({"store", "erase", key});
    Account& account = accounts_.mine();
    account.deletes.add();
    return carry(
        account, Trouble::unknown, key, [this](Key sent) { return store_.erase(sent); },
        [this, &account](Key sent, const Result<Version>& version) {
            if (version) note(account, {sent, std::nullopt});
        });
}

Result<void> WiredStore::write(std::span<const Change> changes) {
    wire_.runtime().point({"store", "write"});
    Account& account = accounts_.mine();
    for (const Change& change : changes) {
        (change.bytes ? account.writes : account.deletes).add();
    }
    account.batches.add();
    return carry(
        account, Trouble::unknown, std::vector(changes.begin(), changes.end()),
        [this](const std::vector<Change>& sent) { return store_.write(sent); },
        [this](const std::vector<Change>& sent, const Result<void>& done) {
            if (!done) return;
            for (const Change& change : sent) on_stored_(stored_by(change));
        });
}

void WiredStore::tell() {
    Account& account = accounts_.mine();
    account.is_holding = false;
    for (const Stored& stored : account.held) on_stored_(stored);
    account.held.clear();
}

Result<LogPosition> WiredStore::WiredLog::end() {
    store_.wire_.runtime().point({"store", "end of log"});
    Account& account = store_.accounts_.mine();
    account.log_reads.add();
    return store_.carry(account, Trouble::failed, [this] { return far_.end(); });
}

Result<std::vector<LoggedChange>> WiredStore::WiredLog::read(LogPosition from,
                                                             std::size_t most) {
    store_.wire_.runtime().point({"store", "read log"});
    Account& account = store_.accounts_.mine();
    account.log_reads.add();
    return store_.carry(account, Trouble::failed,
                        [this, from, most] { return far_.read(from, most); });
}

StoreCounts WiredStore::counts() const {
    StoreCounts sum;
    accounts_.for_each([&](const Account& one) {
        sum = sum_of(sum, {.reads = one.reads.get(),
                           .writes = one.writes.get(),
                           .deletes = one.deletes.get(),
                           .batches = one.batches.get(),
                           .failed = one.failed.get(),
                           .redundant_reads = one.redundant.get(),
                           .log_reads = one.log_reads.get()});
    });
    return sum;
}

}  // namespace stalemark
