// SPDX-License-Identifier: Apache-2.0
// stale: an expired entry answers for a grace period while one reload runs in the background
// (stale-while-revalidate), and for longer while the store fails (stale-if-error; both RFC
// 5861).
//
// Strength: no reader waits for the store, and each node asks it once per key, however many
// readers the node has. With stale-if-error, reads succeed while the store is down.
// Hazard: the shield serves stale values on purpose: the first reader after a quiet time gets
// the expired value, up to the grace past its TTL. A key that is not cached has no protection.

#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "shields/shield.h"

namespace stalemark {

class Stale final : public Shield {
public:
    explicit Stale(const ShieldParts& parts)
        : cache_(parts.cache),
          runtime_(parts.runtime),
          loading_(parts.loading),
          settings_(parts.settings),
          reloads_(parts.reloads) {
        reloads_.open();
    }

    bool serves(Key key, const Cached& cached, bool /*was_passed_over*/) override {
        if (!cached.is_stale) return true;
        const bool is_left_alone = leaves_alone(key);
        if (!runtime_.is_over(cached.expires + settings_.grace)) {
            count(served_stale_);
            if (!is_left_alone) revalidate(key, cached.stamp);
            return true;
        }
        if (is_left_alone) count(served_on_error_);
        return is_left_alone;
    }

    // Past its grace an entry answers only where the store does not.
    Result<Answer> load(Key key, const Ticket& ticket) override {
        auto loaded = loading_.fetch(key, ticket);
        if (loaded || settings_.stale_if_error == Duration{0}) return loaded;
        auto cached = cache_.get(key, Look::other);
        if (!cached) return loaded;
        if (cached->is_stale) {  // Else somebody has reloaded it meanwhile.
            throttle(key);
            count(served_on_error_);
        }
        return answer_of(std::move(*cached));
    }

    bool leaves_alone(Key key) override {
        runtime_.point({"throttle", "look", key});
        const std::lock_guard lock(guard_);
        if (throttled_until_.empty()) return false;
        const auto found = throttled_until_.find(key);
        if (found == throttled_until_.end()) return false;
        if (!runtime_.is_over(found->second)) return true;
        throttled_until_.erase(found);
        return false;
    }

    void reload_failed(Key key) override { throttle(key); }

    std::vector<ShieldCount> counts() const override {
        return {{"served_stale", served_stale_},
                {"revalidations", revalidations_},
                {"revalidations_failed", revalidations_failed_},
                {"served_on_error", served_on_error_}};
    }

private:
    void revalidate(Key key, Stamp stamp) {
        const bool is_started = reloads_.start(key, [this, key, stamp] {
            if (loading_.reload(key, Condition::unchanged(stamp))) return;
            count(revalidations_failed_);
            throttle(key);
        });
        if (is_started) count(revalidations_);
    }

    // The store has failed for this key: it is not asked again for a while.
    void throttle(Key key) {
        runtime_.point({"throttle", "begin", key});
        const std::lock_guard lock(guard_);
        throttled_until_[key] = runtime_.now() + settings_.error_throttle;
    }

    static void count(std::atomic<std::uint64_t>& counter) {
        counter.fetch_add(1, std::memory_order_relaxed);
    }

    Cache& cache_;
    Runtime& runtime_;
    Loading& loading_;
    const ShieldSettings& settings_;
    BackgroundReloads& reloads_;
    std::mutex guard_;
    std::unordered_map<Key, Instant> throttled_until_;
    std::atomic<std::uint64_t> served_stale_ = 0;
    std::atomic<std::uint64_t> revalidations_ = 0;
    std::atomic<std::uint64_t> revalidations_failed_ = 0;
    std::atomic<std::uint64_t> served_on_error_ = 0;
};

}  // namespace stalemark
