// SPDX-License-Identifier: Apache-2.0
// The steps between cache and store that strategies have in common: load and fill, commit and
// invalidate. Each is the plain textbook step; what keeps two of them from interleaving is the
// guard, if there is one.

#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "caches/cache.h"
#include "core/answer.h"
#include "core/random.h"
#include "events/publisher.h"
#include "guards/guard.h"
#include "runtime/growing_pause.h"
#include "runtime/runtime.h"
#include "shields/shield.h"
#include "stores/store.h"
#include "strategies/settings.h"

namespace stalemark {

// Whether the store has made the change for all that is known.
inline bool may_have_happened(const Result<Row>& stored) {
    return stored || stored.error() == Trouble::unknown;
}

class Loader final : public Loading {
public:
    // `publisher`: tells the other nodes of changes; nullptr: nobody does, or the store's log.
    Loader(Cache& cache, Store& store, Runtime& runtime, const Settings& settings,
           Publisher* publisher, Guard& guard)
        : cache_(cache),
          store_(store),
          runtime_(runtime),
          settings_(settings),
          publisher_(publisher),
          guard_(guard),
          leases_(guard.lease_terms()) {}

    // A read whose fill is refused starts again so often, if the guard says so.
    static constexpr int retries_most = 3;

    Result<Answer> fetch(Key key, const Ticket& ticket) override {
        Ticket now = ticket;
        for (int retries = 0;; ++retries) {
            auto loaded = load(key, now);
            if (!loaded || !loaded->is_refused || retries == retries_most ||
                !leases_.refused_retry || is_leased(key, now.missed.lease))
                return answer_in(std::move(loaded));
            auto found = look(key, Look::other);
            if (found && !found->is_stale) {
                found->is_awaited = true;
                return answer_of(std::move(*found));
            }
            now.missed = found ? Missed(Miss::absent) : found.error();
            now.passed_over = found ? found->stamp : no_stamp;
        }
    }

    // What the cache has, with a lease to fill it if the guard wants one. A reader that is to
    // wait for another's lease does so here.
    std::expected<Cached, Missed> look(Key key, Look what) {
        what.lease = leases_.ttl;
        auto found = cache_.get(key, what);
        if (!leases_.losers_wait || !is_loser(found)) return found;
        const Instant deadline = runtime_.now() + leases_.ttl;
        GrowingPause pause(runtime_);
        what.is_first = false;
        while (is_loser(found) && !runtime_.is_over(deadline)) {
            pause.sleep_until(deadline);
            found = cache_.get(key, what);
        }
        if (found) found->is_awaited = true;
        return found;
    }

    Result<Answer> fetch_uncached(Key key) override {
        auto stored = store_.get(key);
        if (!stored) return std::unexpected(stored.error());
        return Answer{std::move(*stored), Outcome::bypass};
    }

    // Reloads no key from now on for which `is_held` answers true.
    void spare_from_reloads(std::function<bool(Key)> is_held) { is_held_ = std::move(is_held); }

    bool reload(Key key, const Condition& permit) override {
        if (is_held_ && is_held_(key)) return true;
        const Guard::Held held = guard_.before_load(key);
        if (held.is_unavailable) return true;
        const Instant began = runtime_.now();
        reloads_.fetch_add(1, std::memory_order_relaxed);
        auto stored = store_.get(key);
        if (!stored) return false;
        if (stored->bytes) stored->bytes = stored->bytes->kept();
        const Fill filled = fill(key, *stored, permit, began, runtime_.now() - began);
        if (filled == Fill::not_remembered) cache_.erase(key, permit, {});
        return true;
    }

    enum class Fill : std::uint8_t {
        asked,           // Whether it was made is not known.
        refused,         // The permit did not hold, or there is no room.
        not_remembered,  // The row is absent, and absence is not remembered.
    };

    // Caches what the store, asked at `began`, said after `load_time`, if the permit holds.
    Fill fill(Key key, const Row& row, const Condition& permit, Instant began,
              Duration load_time) {
        if (!row.bytes && settings_.negative_ttl == Duration{0}) return Fill::not_remembered;
        const Life life =
            row.bytes ? life_of_load(key, began, load_time) : life_of_absence(began);
        const auto put = cache_.put(key, row, life, permit);
        return put && *put == no_stamp ? Fill::refused : Fill::asked;
    }

    // Makes the change in the store; what the row now holds.
    Result<Row> commit(Key key, const std::optional<Bytes>& bytes) {
        const auto version = bytes ? store_.put(key, *bytes) : store_.erase(key);
        if (!version) return std::unexpected(version.error());
        return Row{bytes, *version};
    }

    // Treats the cached copy as --invalidate says, after commit() gave `stored`.
    void invalidate(Key key, const Result<Row>& stored) {
        switch (settings_.invalidate) {
            case Invalidate::none:
                return;
            case Invalidate::set:
                update(key, stored);
                return;
            case Invalidate::erase:
                if (may_have_happened(stored)) erase(key, stored);
                return;
            case Invalidate::event:
                // Without a publisher the store's log tells everyone, this node included.
                if (publisher_ == nullptr || !may_have_happened(stored)) return;
                if (settings_.events_first) announce(key, stored);
                erase(key, stored);
                if (!settings_.events_first) announce(key, stored);
                return;
        }
    }

    // Puts what commit() gave into the cache. A change of unknown outcome may have been made:
    // then the copy can be trusted no more, and the new value neither.
    void update(Key key, const Result<Row>& stored) {
        if (settings_.events_first) announce(key, stored);
        if (stored && stored->bytes) {
            cache_.put(key, *stored, life_of(key), guard_.of_set(*stored));
        } else if (may_have_happened(stored)) {
            erase(key, stored);
        }
        if (!settings_.events_first) announce(key, stored);
    }

    // Erases the cached copy, as the guard says, after commit() gave `stored`.
    void erase(Key key, const Result<Row>& stored) {
        const auto [condition, remains] = guard_.of_erase(stored ? stored->version : 0);
        cache_.erase(key, condition, remains);
    }

    // The life of an entry made now.
    Life life_of(Key key) { return {.ttl = ttl_of(key), .grace = settings_.grace}; }

    // The TTL of an entry made now: the key's, less a random part of it.
    Duration ttl_of(Key key) {
        const Duration ttl = settings_.ttl_of ? settings_.ttl_of(key) : Duration::max();
        if (settings_.ttl_jitter == 0 || ttl == Duration::max()) return ttl;
        const std::uint64_t number = fills_.fetch_add(1, std::memory_order_relaxed);
        const double cut =
            settings_.ttl_jitter * Random::named(settings_.seed, "ttl jitter", number).unit();
        return Duration(
            static_cast<Duration::rep>(static_cast<double>(ttl.count()) * (1 - cut)));
    }

    // Calls of reload() so far.
    std::uint64_t reloads() const { return reloads_.load(std::memory_order_relaxed); }

private:
    struct Loaded {
        Answer answer;
        bool is_refused = false;  // By the cache.
    };

    // Asks the store once, and fills the cache if this ticket allows it.
    Result<Loaded> load(Key key, const Ticket& ticket) {
        const auto uncached = [&]() -> Result<Loaded> {
            auto answer = fetch_uncached(key);
            if (!answer) return std::unexpected(answer.error());
            return Loaded{std::move(*answer)};
        };
        if (ticket.missed.why == Miss::unavailable) return uncached();
        const Instant began = runtime_.now();
        auto stored = store_.get(key);
        if (!stored) {
            give_back(key, ticket.missed.lease);
            return std::unexpected(stored.error());
        }
        const Duration load_time = runtime_.now() - began;
        if (stored->bytes) stored->bytes = stored->bytes->kept();
        const auto permit = guard_.of_fill(ticket, *stored);
        if (!permit) return Loaded{Answer{std::move(*stored), Outcome::bypass}};
        const Fill filled = fill(key, *stored, *permit, began, load_time);
        if (filled == Fill::not_remembered) give_back(key, ticket.missed.lease);
        return Loaded{Answer{std::move(*stored), Outcome::miss, load_time},
                      filled == Fill::refused};
    }

    static Result<Answer> answer_in(Result<Loaded> loaded) {
        if (!loaded) return std::unexpected(loaded.error());
        return std::move(loaded->answer);
    }

    static bool is_loser(const std::expected<Cached, Missed>& found) {
        return !found && found.error().why == Miss::absent && found.error().lease == no_stamp;
    }

    // Nobody fills under this lease any more.
    void give_back(Key key, Stamp lease) {
        if (lease != no_stamp)
            cache_.erase(key, Condition::leased(lease), {.voids_lease = true});
    }

    // Whether a refused fill still has its lease, so that it was refused for another reason;
    // the lease is over then.
    bool is_leased(Key key, Stamp lease) {
        if (lease == no_stamp) return false;
        const auto held = cache_.erase(key, Condition::leased(lease), {.voids_lease = true});
        return !held || *held;
    }

    Life life_of_load(Key key, Instant began, Duration load_time) {
        Life life = life_of(key);
        life.load_time = load_time;
        life.load_began = began;
        return life;
    }
    Life life_of_absence(Instant load_began) const {
        return {.ttl = settings_.negative_ttl, .load_began = load_began};
    }

    void announce(Key key, const Result<Row>& stored) {
        if (publisher_ == nullptr || !may_have_happened(stored)) return;
        const Row row = stored.value_or(Row());
        publisher_->publish(key, row.version, row.bytes);
    }

    Cache& cache_;
    Store& store_;
    Runtime& runtime_;
    const Settings& settings_;
    Publisher* const publisher_;
    Guard& guard_;
    const LeaseTerms leases_;
    std::function<bool(Key)> is_held_;  // Empty: nothing is.
    std::atomic<std::uint64_t> fills_ = 0;
    std::atomic<std::uint64_t> reloads_ = 0;
};

}  // namespace stalemark
