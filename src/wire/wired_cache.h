// SPDX-License-Identifier: Apache-2.0
// A cache at the far end of a wire, which may lose all that it has while a run goes on.

#pragma once

#include <atomic>
#include <string_view>

#include "caches/cache.h"
#include "wire/wire.h"

namespace stalemark {

class WiredCache final : public Cache {
public:
    // `name`: of its steps (runtime/step.h).
    WiredCache(LocalCache& cache, Wire& wire, std::string_view name = "cache")
        : WiredCache(cache, cache, wire, name) {}

    // What is called is something before `local`, which has the entries.
    WiredCache(Cache& cache, LocalCache& local, Wire& wire, std::string_view name = "cache")
        : cache_(cache), local_(local), wire_(wire), name_(name) {}

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        return carry("get", key, [&] { return cache_.get(key, look); });
    }
    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override {
        return carry("put", key, [&] { return cache_.put(key, row, life, condition); });
    }
    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override {
        return carry("erase", key, [&] { return cache_.erase(key, condition, remains); });
    }

    // With what went wrong on the way. Taken on the spot: it is no call.
    CacheCounts counts() const {
        CacheCounts counts = local_.counts();
        counts.failed += failed_.load();
        counts.flushed += flushed_.load();
        return counts;
    }

private:
    // The first call that comes to the cache after a flush finds it empty.
    template <typename Call>
    auto carry(std::string_view what, Key key, Call call) -> decltype(call()) {
        wire_.runtime().point({name_, what, key});
        bool has_arrived = false;
        auto answer = wire_.carry([&] {
            has_arrived = true;
            if (const std::uint64_t flushes = wire_.flushes(); flushes > flushes_met_.load()) {
                if (flushes_met_.exchange(flushes) < flushes) flushed_ += local_.clear();
            }
            return call();
        });
        if (!has_arrived) ++failed_;
        return answer;
    }

    Cache& cache_;
    LocalCache& local_;
    Wire& wire_;
    const std::string_view name_;
    std::atomic<std::uint64_t> flushes_met_ = 0;
    std::atomic<std::uint64_t> failed_ = 0;
    std::atomic<std::uint64_t> flushed_ = 0;
};

}  // namespace stalemark
