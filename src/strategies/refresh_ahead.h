// SPDX-License-Identifier: Apache-2.0
// Refresh-ahead: a hit near the end of an entry's life reloads it in the background.
//
// Strength: a popular key never expires under its readers; they never wait for the store.
// Hazard: it hides latency, not staleness: entries live as long as before, and the store pays
// for reloads that nobody may read. A reload is thrown away if its entry changed meanwhile.

#pragma once

#include "strategies/strategy.h"

namespace stalemark {

class RefreshAhead final : public Strategy {
public:
    explicit RefreshAhead(const Parts& parts) : Strategy(parts) { open_reloads(); }

    Result<Answer> read(Key key) override {
        auto cached = find(key);
        if (!cached) return load(key, cached.error());
        if (is_due(*cached)) start_reload(key, cached->stamp);
        return answer_of(std::move(*cached));
    }

    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        return change(key, bytes, [&](const Result<Row>& stored) { invalidate(key, stored); });
    }

private:
    // One that has expired is the shield's to reload, if it has let it answer.
    bool is_due(const Cached& cached) {
        if (cached.expires == never || cached.is_stale) return false;
        const auto life = static_cast<double>((cached.expires - cached.born).count());
        const auto last_part =
            Duration(static_cast<Duration::rep>(life * (1 - settings.refresh_at)));
        return runtime.is_over(cached.expires - last_part, Timer::window);
    }
};

}  // namespace stalemark
