// SPDX-License-Identifier: Apache-2.0
// A near cache that is told of changes made elsewhere, with a check of what it hears.
//
// Told of a change, it drops its entry as the guard erases, unless the check keeps it. Fills
// are made as the check admits them. Every event drops a negative entry.

#pragma once

#include <atomic>
#include <cstdint>

#include "caches/cache.h"
#include "guards/event_check.h"
#include "guards/guard.h"
#include "runtime/runtime.h"

namespace stalemark {

class InformedCache final : public Cache {
public:
    InformedCache(LocalCache& cache, const Runtime& runtime, EventCheck& check,
                  const Guard& guard)
        : cache_(cache), runtime_(runtime), check_(check), guard_(guard) {}

    // What there was when a change was heard of.
    enum class Heard : std::uint8_t {
        dropped,  // An entry, which is gone.
        nothing,  // No entry.
        newer,    // An entry that the check has kept.
    };

    // The row has come to `version`; 0: it is not known to which.
    Heard hear(Key key, Version version);

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        return cache_.get(key, look);
    }
    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override;
    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override {
        return cache_.erase(key, condition, remains);
    }

    // That the check has refused.
    std::uint64_t fills_refused() const { return fills_refused_; }

private:
    LocalCache& cache_;
    const Runtime& runtime_;
    EventCheck& check_;
    const Guard& guard_;
    std::atomic<std::uint64_t> fills_refused_ = 0;
};

}  // namespace stalemark
