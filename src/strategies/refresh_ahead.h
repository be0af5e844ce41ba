// Refresh-ahead: a hit near the end of an entry's life reloads it in the background.
//
// Strength: a popular key never expires under its readers; they never wait for the store.
// Hazard: it hides latency, not staleness: entries live as long as before, and the store pays
// for reloads that nobody may read. A reload is thrown away if its entry changed meanwhile.

#pragma once

#include "shields/background_reloads.h"
#include "strategies/strategy.h"

namespace stalemark {

class RefreshAhead final : public Strategy {
public:
    explicit RefreshAhead(const Parts& parts)
        : Strategy(parts),
          reloads_(runtime, "refresh", settings.shield,
                   [this](Key key, auto token) { reload(key, token); }) {}

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (!cached) return load(key, cached.error());
        if (is_due(key, cached->expires)) reloads_.start(key, cached->token);
        return answer_of(std::move(*cached));
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        const auto stored = commit(key, bytes);
        invalidate(key, stored);
        return acknowledge(stored);
    }

private:
    void finish() override { reloads_.close(); }

    bool is_due(Key key, Instant expires) {
        if (expires == never) return false;
        const auto life = static_cast<double>(nominal_ttl_of(key).count());
        const auto last_part =
            Duration(static_cast<Duration::rep>(life * (1 - settings.refresh_at)));
        return runtime.now() >= expires - last_part;
    }

    BackgroundReloads reloads_;
};

}  // namespace stalemark
