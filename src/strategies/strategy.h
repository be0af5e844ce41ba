// SPDX-License-Identifier: Apache-2.0
// What every caching strategy is: a way to answer reads and writes with a cache before a store.
//
// One instance serves all clients at once. A strategy measures nothing: the driver times it,
// the wires to its tiers count its calls and the oracle judges it, so that its file holds the
// idea alone.

#pragma once

#include <cstdint>
#include <optional>

#include "caches/cache.h"
#include "core/counts.h"
#include "guards/catalog.h"
#include "runtime/runtime.h"
#include "shields/catalog.h"
#include "stores/store.h"
#include "strategies/late_deletes.h"
#include "strategies/loader.h"
#include "strategies/settings.h"

namespace stalemark {

struct Parts {
    Cache& cache;
    Store& store;
    Runtime& runtime;
    const Settings& settings;
    const ShieldEntry& shield = no_shield();
    Cache* leases = nullptr;         // As in ShieldParts.
    Publisher* publisher = nullptr;  // As in Loader.
    Cache* locks = nullptr;          // Beside the cache, for guards that lock.
};

// What the queue of a write-behind strategy has seen.
struct QueueCounts {
    std::uint64_t queued_max = 0;  // Most changes that waited at once.
    std::uint64_t coalesced = 0;   // Changes replaced before they were stored.
    std::uint64_t batches = 0;     // Stored.
    std::uint64_t blocked_ns = 0;  // Writers' time spent on a full queue, summed.
    std::uint64_t retried = 0;     // Batches sent again after trouble.
    std::uint64_t rejected = 0;    // Writes refused on a full queue.
    std::uint64_t dropped = 0;     // Acknowledged changes given up at drain.

    // Of two queues; each may have been longest at another time.
    QueueCounts& operator+=(const QueueCounts& other) { return *this = sum_of(*this, other); }

    // What has come since; queued_max stays as it is: see forget_peaks().
    QueueCounts operator-(const QueueCounts& earlier) const {
        QueueCounts difference = difference_of(*this, earlier);
        difference.queued_max = queued_max;
        return difference;
    }
};

class Strategy : protected Parts {  // So that a strategy just says cache.get(key).
public:
    explicit Strategy(const Parts& parts)
        : Parts(parts),
          guard_(settings.guard->make({cache, runtime, settings.guarding, locks})),
          loader_(cache, store, runtime, settings, publisher, *guard_),
          reloads_(runtime, settings.shield),
          shield_(shield.make({cache, runtime, loader_, settings.shield, reloads_, leases})),
          late_deletes_(runtime) {
        if (settings.late_delete && !settings.acknowledges_late) late_deletes_.open();
    }
    virtual ~Strategy() = default;

    virtual Result<Answer> read(Key key) = 0;

    // Replaces the value of `key`; nothing as bytes deletes it. Returns when the strategy is
    // ready to acknowledge the change.
    virtual Result<void> write(Key key, const std::optional<Bytes>& bytes) = 0;

    // Called once, from a task, after the last operation: stores every acknowledged write and
    // ends the tasks that the strategy and its shield started.
    void drain() {
        reloads_.close();
        late_deletes_.close();
        finish();
    }

    virtual std::optional<QueueCounts> queue_counts() const { return std::nullopt; }

    // The largest figures begin anew, with what they are now: the end of a warm-up.
    virtual void forget_peaks() {}

    std::vector<ShieldCount> shield_counts() const { return shield_->counts(); }

    // Reads of the store for reloads in the background so far.
    std::uint64_t reloads() const { return loader_.reloads(); }

protected:
    // The strategy's own part of drain().
    virtual void finish() {}

    // The entry that may answer a read: what the cache has, if the shield lets it.
    std::expected<Cached, Ticket> find(Key key) { return find(key, Look::first, {}); }

    // For a read that looks again: `before` is what it came back with. The shield may go by
    // chance, and is told of an entry that it has passed over.
    std::expected<Cached, Ticket> find_again(Key key, const Ticket& before) {
        return find(key, Look::other, before);
    }

    // The steps that strategies share; strategies/loader.h says what each promises. Between
    // them and the strategy stands the shield.
    Result<Answer> load(Key key, const Ticket& ticket) { return shield_->load(key, ticket); }
    Result<Row> commit(Key key, const std::optional<Bytes>& bytes) {
        auto stored = loader_.commit(key, bytes);
        forget(key);
        return stored;
    }
    void forget(Key key) { shield_->forget(key); }

    // For a change that is made in another way than by change().
    Guard::Held hold_change(Key key) { return guard_->before_change(key); }

    // Makes the change in the store and has the cached copy treated, in the order that --order
    // says and under the guard; answers the acknowledgement. `treat` is called with what
    // commit() gave; before that, with the row as it will be, of no version.
    template <typename Treat>
    Result<void> change(Key key, const std::optional<Bytes>& bytes, Treat treat) {
        const auto stored = change_at_once(key, bytes, treat);
        if (settings.late_delete && may_have_happened(stored)) delete_late(key, stored);
        return acknowledge(stored);
    }
    void invalidate(Key key, const Result<Row>& stored) { loader_.invalidate(key, stored); }
    void update(Key key, const Result<Row>& stored) { loader_.update(key, stored); }

    // Reloads an entry in the background before it expires: unless strategy or shield reload
    // the key already, or the shield leaves the store alone for it. Requires: open_reloads().
    void open_reloads() { reloads_.open(); }
    void start_reload(Key key, Stamp stamp) {
        if (shield_->leaves_alone(key)) return;
        reloads_.start(key, [this, key, stamp] {
            if (!loader_.reload(key, Condition::unchanged(stamp))) shield_->reload_failed(key);
        });
    }

    // For a strategy that holds changes back: `is_held` answers whether it holds one of the
    // key, so that what the store has is older than what the cache has.
    void spare_from_reloads(std::function<bool(Key)> is_held) {
        loader_.spare_from_reloads(std::move(is_held));
    }

    // The acknowledgement that `stored` allows.
    static Result<void> acknowledge(const Result<Row>& stored) {
        if (!stored) return std::unexpected(stored.error());
        return {};
    }

private:
    template <typename Treat>
    Result<Row> change_at_once(Key key, const std::optional<Bytes>& bytes, Treat treat) {
        const Guard::Held held = hold_change(key);
        if (settings.order != Order::store_first) treat(Result<Row>(Row{.bytes = bytes}));
        const auto stored = commit(key, bytes);
        const bool has_cached_it =
            settings.order != Order::store_first && settings.invalidate == Invalidate::set;
        if (!stored && has_cached_it) {  // What the store may not have.
            loader_.erase(key, stored);
        } else if (settings.order != Order::cache_first && !settings.late_delete_alone &&
                   !held.erases_copy) {
            treat(stored);
        }
        return stored;
    }

    void delete_late(Key key, const Result<Row>& stored) {
        const Instant due = runtime.now() + *settings.late_delete;
        const auto erase = [this, key, stored] { loader_.erase(key, stored); };
        if (!settings.acknowledges_late) return late_deletes_.add(key, due, erase);
        runtime.sleep_until(due);
        erase();
    }

    // A ticket holds for its guard what is to be held until the fill.
    std::expected<Cached, Ticket> find(Key key, const Look& look, const Ticket& before) {
        Guard::Held held;
        if (!before.held) held = guard_->before_read(key);
        auto found = look_up(key, look, before);
        if (found || found.error().missed.why == Miss::unavailable) return found;
        if (!before.held && !held.hold && !held.is_unavailable) {
            held = guard_->before_load(key);
            if (held.hold) found = look_up(key, Look::other, found.error());
        }
        if (found) {
            found->is_awaited = found->is_awaited || held.has_waited;
        } else {
            found.error().held = before.held ? before.held : held.hold;
            if (held.is_unavailable) found.error().missed.why = Miss::unavailable;
        }
        return found;
    }

    static bool has_lease(const Ticket& ticket) { return ticket.missed.lease != no_stamp; }

    std::expected<Cached, Ticket> look_up(Key key, const Look& look, const Ticket& before) {
        auto cached = has_lease(before) ? cache.get(key, look) : loader_.look(key, look);
        if (!cached) {
            Ticket ticket{cached.error()};
            if (has_lease(before)) ticket.missed.lease = before.missed.lease;
            return std::unexpected(std::move(ticket));
        }
        const bool was_passed_over =
            cached->stamp != unnamed && cached->stamp == before.passed_over;
        if (!shield_->serves(key, *cached, was_passed_over)) {
            return std::unexpected(Ticket{Miss::absent, cached->stamp});
        }
        return std::move(*cached);
    }

    std::unique_ptr<Guard> guard_;
    Loader loader_;
    BackgroundReloads reloads_;
    std::unique_ptr<Shield> shield_;
    LateDeletes late_deletes_;  // The last member: its tasks are the first to go.
};

}  // namespace stalemark
