// Refresh-ahead: a hit near the end of an entry's life reloads it in the background.
//
// Strength: a popular key never expires under its readers; they never wait for the store.
// Hazard: it hides latency, not staleness: entries live as long as before, and the store pays
// for reloads that nobody may read. A reload is thrown away if its entry changed meanwhile.

#pragma once

#include <mutex>
#include <unordered_set>

#include "runtime/executor.h"
#include "strategies/strategy.h"

namespace stalemark {

class RefreshAhead final : public Strategy {
public:
    explicit RefreshAhead(const Parts& parts)
        : Strategy(parts), reloads_(runtime, "refresh", 2, 1'000) {}

    Result<Answer> read(Key key) override {
        auto cached = cache.get(key);
        if (!cached) return load(key, cached.error());
        if (is_due(key, cached->expires)) refresh(key, cached->token);
        return Answer{std::move(cached->value), Outcome::hit};
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        const auto stored = commit(key, bytes);
        invalidate(key, stored);
        return acknowledge(stored);
    }

    void drain() override { reloads_.close(); }

private:
    bool is_due(Key key, Instant expires) {
        if (expires == never) return false;
        const auto life = static_cast<double>(nominal_ttl_of(key).count());
        const auto last_part =
            Duration(static_cast<Duration::rep>(life * (1 - settings.refresh_at)));
        return runtime.now() >= expires - last_part;
    }

    // At most one reload a key at a time; none if too many are waiting.
    void refresh(Key key, std::uint64_t token) {
        if (!begin_reload(key)) return;
        if (!reloads_.submit([this, key, token] { reload(key, token); })) end_reload(key);
    }

    void reload(Key key, std::uint64_t token) {
        const auto stored = store.get(key);
        if (stored && *stored) cache.replace(key, token, *stored, ttl_of(key));
        end_reload(key);
    }

    bool begin_reload(Key key) {
        const std::lock_guard lock(guard_);
        return reloading_.insert(key).second;
    }

    void end_reload(Key key) {
        const std::lock_guard lock(guard_);
        reloading_.erase(key);
    }

    std::mutex guard_;
    std::unordered_set<Key> reloading_;
    Executor reloads_;
};

}  // namespace stalemark
