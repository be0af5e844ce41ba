// SPDX-License-Identifier: Apache-2.0
// A store at the far end of a wire, with an account of the load that a strategy puts on it.
//
// Where the wire is bare, the account is kept between two readings of a client's clock, so it
// must cost next to nothing. Each task counts for itself, and counts() sums. What the store has
// taken is told at once or, between hold() and tell(), by tell(): after the client has read its
// clock. Shared is only what tells whether two reads of a key meet (wire/reads_under_way.h).

#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/counts.h"
#include "core/header.h"
#include "runtime/per_task.h"
#include "stores/store.h"
#include "wire/reads_under_way.h"
#include "wire/wire.h"

namespace stalemark {

// Since the store was wired, or, as a difference of two, since the earlier one was taken.
struct StoreCounts {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;   // Rows put, in batches or alone.
    std::uint64_t deletes = 0;  // Rows deleted, likewise.
    std::uint64_t batches = 0;
    std::uint64_t failed = 0;  // Calls that ended in trouble.
    // Reads begun while another read of the same key was under way.
    std::uint64_t redundant_reads = 0;
    std::uint64_t log_reads = 0;  // Calls to the commit log, however many changes they brought.

    StoreCounts operator-(const StoreCounts& earlier) const {
        return difference_of(*this, earlier);
    }
};

// A change that the store has taken.
struct Stored {
    Key key;
    std::optional<Header> header;  // Of the value; nothing: the row was deleted.
};

class WiredStore final : public Store {
public:
    // `keys`: size of the key space. `on_stored` is told of every change that the store has
    // taken, by any task.
    WiredStore(Store& store, Wire& wire, std::uint64_t keys,
               std::function<void(const Stored&)> on_stored);

    Result<Row> get(Key key) override;
    Result<Version> put(Key key, const Bytes& bytes) override;
    Result<Version> erase(Key key) override;
    Result<void> write(std::span<const Change> changes) override;
    CommitLog* log() override { return log_ ? &*log_ : nullptr; }

    // From hold() to tell(), what the calling task puts or erases over a bare wire is kept for
    // tell(). Over any other, `on_stored` is told at once, while the answer is on its way; of a
    // batch, too. After hold(), no task ends before it has called tell().
    void hold() { accounts_.mine().is_holding = wire_.is_bare(); }
    void tell();

    // A read of `key` is to come: begins to bring near the processor what its account touches.
    void fetch_account(Key key) const { under_way_.fetch(key); }

    // Waits for the calls that were given up.
    void wait_for_given_up() { wire_.settle(); }

    StoreCounts counts() const;

    // Most reads of one key that were under way at once, at the last call or since.
    std::uint64_t take_concurrent_reads_max();

private:
    Result<Row> read(Key key);

    // Written by one task, read by all.
    class Counter {
    public:
        void add(std::uint64_t more = 1) {
            number_.store(get() + more, std::memory_order_relaxed);
        }
        std::uint64_t get() const { return number_.load(std::memory_order_relaxed); }

    private:
        std::atomic<std::uint64_t> number_ = 0;
    };

    // Of one task.
    struct alignas(64) Account {
        Counter reads, returned, redundant, writes, deletes, batches, failed, log_reads;
        bool is_holding = false;
        std::vector<Stored> held;
    };

    // A read that is under way: while this lives. A call that may be given up takes it along to
    // another task; there is a timeout only in virtual time, so that no two tasks count at
    // once.
    class Reading {
    public:
        Reading(ReadsUnderWay& under_way, Account& account, Key key)
            : under_way_(under_way),
              account_(account),
              key_(key),
              begun_(under_way.begin(key)) {
            if (begun_.others > 0) [[unlikely]]
                account_.redundant.add();
        }
        ~Reading() {
            under_way_.end(key_, begun_);
            account_.returned.add();
        }
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;

    private:
        ReadsUnderWay& under_way_;
        Account& account_;
        const Key key_;
        const ReadsUnderWay::Begun begun_;
    };

    // The far store's log: each call goes over the same wire as any other.
    class WiredLog final : public CommitLog {
    public:
        WiredLog(WiredStore& store, CommitLog& far) : store_(store), far_(far) {}
        Result<LogPosition> end() override;
        Result<std::vector<LoggedChange>> read(LogPosition from, std::size_t most) override;

    private:
        WiredStore& store_;
        CommitLog& far_;
    };

    // Carries `call(sent)` there; `note(sent, answer)` is shown its answer. Both may outlive
    // the caller: then they get a copy of what was sent. `late`: what becomes of an answer that
    // comes too late.
    template <typename Sent, typename Call, typename Note>
    auto carry(Account& account, Trouble late, const Sent& sent, Call call, Note note)
        -> decltype(call(sent)) {
        auto answer = wire_.has_timeout()
                          ? wire_
                                .carry_in_time(
                                    calls_, [call, sent] { return call(sent); },
                                    [note, sent](const auto& given) { note(sent, given); })
                                .value_or(std::unexpected(late))
                          : wire_.carry([&] { return call(sent); },
                                        [&](const auto& given) { note(sent, given); });
        if (!answer) account.failed.add();
        return answer;
    }

    template <typename Call>
    auto carry(Account& account, Trouble late, Call call) -> decltype(call()) {
        return carry(
            account, late, nullptr, [call](std::nullptr_t) { return call(); },
            [](std::nullptr_t, const auto&) {});
    }

    void note(Account& account, const Stored& stored) {
        if (account.is_holding) {
            account.held.push_back(stored);
        } else {
            on_stored_(stored);
        }
    }

    Store& store_;
    Wire& wire_;
    const std::function<void(const Stored&)> on_stored_;
    ReadsUnderWay under_way_;
    PerTask<Account> accounts_;
    std::optional<WiredLog> log_;  // If the far store keeps one.
    TaskGroup calls_;              // That may be given up. The last member: the first to go.
};

}  // namespace stalemark
