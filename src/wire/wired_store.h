// A store at the far end of a wire, with an account of the load that a strategy puts on it.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/counts.h"
#include "stores/store.h"
#include "wire/crowds.h"
#include "wire/wire.h"

namespace stalemark {

// Since the store was wired, or, as a difference of two, since the earlier one was taken.
struct StoreCounts {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;   // Rows put, in batches or alone.
    std::uint64_t deletes = 0;  // Rows deleted, likewise.
    std::uint64_t batches = 0;
    std::uint64_t failed = 0;  // Calls that ended in trouble.
    std::uint64_t redundant_reads =
        0;                        // Begun while another read of the same key was under way.
    std::uint64_t log_reads = 0;  // Calls to the commit log, however many changes they brought.

    StoreCounts operator-(const StoreCounts& earlier) const {
        return difference_of(*this, earlier);
    }
};

class WiredStore final : public Store {
public:
    // `keys`: size of the key space. `on_stored` is told of every change that the store has
    // taken. `on_read`, if any, is told how long each read took; without it the clock is left
    // alone.
    WiredStore(Store& store, Wire& wire, std::uint64_t keys,
               std::function<void(const Change&)> on_stored,
               std::function<void(Duration)> on_read = nullptr);

    Result<std::optional<Value>> get(Key key) override;
    Result<Version> put(Key key, const Bytes& bytes) override;
    Result<Version> erase(Key key) override;
    Result<void> write(std::span<const Change> changes) override;
    CommitLog* log() override { return log_ ? &*log_ : nullptr; }

    // Waits for the calls that were given up.
    void settle() { wire_.settle(); }

    StoreCounts counts() const;

    // Most reads of one key that were under way at once, at the last call or since.
    std::uint64_t take_concurrent_reads_max();

private:
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

    // `late`: what becomes of an answer that comes too late. `call` may outlive its caller.
    template <typename Call>
    auto carry(Trouble late, Call call) {
        using Returned = decltype(call());
        Returned answer =
            wire_.has_timeout()
                ? wire_.carry_in_time(calls_, std::move(call)).value_or(std::unexpected(late))
                : wire_.carry(std::move(call));
        if (!answer) failed_.add();
        return answer;
    }

    Result<std::optional<Value>> ask(Key key);
    void end_reading(Key key) {
        auto& reading = reading_[index_of(key)];
        const std::uint32_t until_now = reading.fetch_sub(1, std::memory_order_relaxed);
        if (until_now > 1) crowds_.shrank(until_now);
        returned_.add();
    }

    void note_concurrent(std::uint32_t reads);
    std::uint32_t concurrent_now() const;

    // One counter a cache line: all clients count here.
    struct alignas(64) Counter {
        std::atomic<std::uint64_t> number = 0;
        void add(std::uint64_t more = 1) { number.fetch_add(more, std::memory_order_relaxed); }
        std::uint64_t get() const { return number.load(std::memory_order_relaxed); }
    };

    Store& store_;
    Wire& wire_;
    const std::function<void(const Change&)> on_stored_;
    const std::function<void(Duration)> on_read_;
    std::unique_ptr<std::atomic<std::uint32_t>[]> reading_;  // Reads under way, by key.
    Counter reads_, writes_, deletes_, batches_, failed_, redundant_, log_reads_;
    Counter returned_;  // Of the reads.
    std::atomic<std::uint64_t> concurrent_max_ = 0;
    Crowds crowds_;
    std::optional<WiredLog> log_;  // If the far store keeps one.
    TaskGroup calls_;              // That may be given up. The last member: the first to go.
};

}  // namespace stalemark
