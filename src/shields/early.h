// SPDX-License-Identifier: Apache-2.0
// early: a reader reloads an entry before it expires, by chance, and the sooner the longer a
// load takes (XFetch: Vattani, Chierichetti, Lowenstein, PVLDB 8(8), 2015).
//
// Strength: no coordination at all, and no reader waits for another. Whatever the rate of
// reads, e^(1/beta) reload an entry that is asked for often.
// Hazard: there may be several reloads, and the reader that starts one waits for it. A key that
// is seldom read still expires, and a key that was never loaded has no protection.

#pragma once

#include <atomic>

#include "core/portable_math.h"
#include "core/random.h"
#include "shields/shield.h"

namespace stalemark {

class Early final : public Shield {
public:
    explicit Early(const ShieldParts& parts)
        : cache_(parts.cache),
          runtime_(parts.runtime),
          loading_(parts.loading),
          settings_(parts.settings) {}

    // Reload iff now - delta * beta * ln(u) >= expiry, u uniform in (0, 1] and delta the time
    // that the last load took.
    bool serves(Key /*key*/, const Cached& cached, bool was_passed_over) override {
        if (cached.is_stale || was_passed_over) return false;  // One draw an entry.
        if (cached.expires == never) return true;
        const double step = static_cast<double>(cached.load_time.count()) * settings_.beta;
        const auto ahead = [&](double steps) {
            return cached.expires - Duration(static_cast<Duration::rep>(step * steps));
        };
        // No draw reaches as far.
        if (!runtime_.is_over(ahead(farthest_draw), Timer::window)) return true;
        if (!runtime_.is_over(ahead(-portable::log(draw())), Timer::window)) return true;
        volunteers_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }

    // A volunteer whom the store fails has an entry that is still fresh.
    Result<Answer> load(Key key, const Ticket& ticket) override {
        auto loaded = loading_.fetch(key, ticket);
        if (loaded) return loaded;
        auto cached = cache_.get(key, Look::other);
        if (!cached || cached->is_stale) return loaded;
        return answer_of(std::move(*cached));
    }

    std::vector<ShieldCount> counts() const override {
        return {{"volunteers", volunteers_.load(std::memory_order_relaxed)}};
    }

private:
    static constexpr double farthest_draw = 37;  // -ln(2^-53) = 36.7; no draw is smaller.

    double draw() {
        const auto number = draws_.fetch_add(1, std::memory_order_relaxed);
        return 1 - Random::named(settings_.seed, "early", number).unit();
    }

    Cache& cache_;
    Runtime& runtime_;
    Loading& loading_;
    const ShieldSettings& settings_;
    std::atomic<std::uint64_t> draws_ = 0;
    std::atomic<std::uint64_t> volunteers_ = 0;
};

}  // namespace stalemark
