// SPDX-License-Identifier: Apache-2.0
// A stage for guards: a real cache with little room, whose next change can be held up or end
// its caller, and locks beside it.

#pragma once

#include <gtest/gtest.h>

#include "caches/catalog.h"
#include "strategies/stage.h"

namespace stalemark {

// What ends a writer in the middle of its change.
struct Death {};

// Holds up, once, the next put or erase; or ends its caller in its place.
class HeldCache final : public Cache {
public:
    HeldCache(const std::unique_ptr<LocalCache>& cache, Runtime& runtime)
        : cache_(cache), runtime_(runtime) {}

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        ++calls;
        if (is_down) return std::unexpected(Miss::unavailable);
        auto found = cache_->get(key, look);
        const Duration takes = std::exchange(next_answer_takes, Duration{0});
        if (takes > Duration{0}) runtime_.sleep_for(takes);
        return found;
    }
    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override {
        hold();
        if (is_down) return std::unexpected(Trouble::failed);
        return cache_->put(key, row, life, condition);
    }
    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition, const Remains& remains) override {
        hold();
        if (is_down) return std::unexpected(Trouble::failed);
        return cache_->erase(key, condition, remains);
    }

    Duration next_change_takes{0};
    Duration next_answer_takes{0};  // The way back of the next get.
    bool next_change_dies = false;
    bool is_down = false;
    std::uint32_t calls = 0;

private:
    void hold() {
        ++calls;
        if (std::exchange(next_change_dies, false)) throw Death();
        const Duration takes = std::exchange(next_change_takes, Duration{0});
        if (takes > Duration{0}) runtime_.sleep_for(takes);
    }

    const std::unique_ptr<LocalCache>& cache_;  // Which a test may put in another's place.
    Runtime& runtime_;
};

class GuardStage {
public:
    // Settings must be in place before the strategy is made.
    Settings settings;
    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    StageStore store{*runtime};
    CacheSettings cache_settings{.capacity_bytes = 4'000, .value_bytes = 100, .shards = 1};
    std::unique_ptr<LocalCache> lru = make_cache(cache_settings);
    std::unique_ptr<LocalCache> lock_entries = make_cache({});
    HeldCache cache{lru, *runtime};
    HeldCache locks{lock_entries, *runtime};

    std::unique_ptr<Strategy> make_node(std::string_view strategy,
                                        std::string_view shield = "none") {
        return find_strategy(strategy).make(
            {cache, store, *runtime, settings, find_shield(shield), nullptr, nullptr, &locks});
    }
    void make(std::string_view strategy, std::string_view guard,
              std::string_view shield = "none") {
        const StrategyEntry& entry = find_strategy(strategy);
        settings.guard = &find_guard(guard);
        settings.invalidate = default_invalidate(entry);
        if (settings.guard->traits.remembers) {
            cache_settings.remembered_keys = settings.guarding.remembered_keys;
            cache_settings.remembered_for = settings.guarding.remembered_for;
            lru = make_cache(cache_settings);
        }
        strategy_ = make_node(strategy, shield);
    }

    // Lets a task enter at this millisecond.
    void at(int ms, std::function<void()> play) {
        tasks_.spawn("player", [this, ms, play = std::move(play)] {
            runtime->sleep_until(milliseconds(ms));
            play();
        });
    }
    void play() {
        at(100'000, [this] { strategy_->drain(); });
        runtime->run();
    }

    std::string read(Key key) { return read(*strategy_, key); }
    std::string read(Strategy& node, Key key) {
        const auto answer = node.read(key);
        if (!answer) return "trouble";
        last_outcome = answer->outcome;
        return answer->row.bytes ? std::string(answer->row.bytes->view()) : "absent";
    }
    bool write(Key key, std::string_view text) {
        return strategy_->write(key, Bytes(text)).has_value();
    }
    bool erase(Key key) { return strategy_->write(key, std::nullopt).has_value(); }

    // The writer's process ends when it has come to the cache.
    void die_writing(Key key, std::string_view text) {
        TaskGroup process(*runtime);
        cache.next_change_takes = milliseconds(1'000);
        process.spawn("writer", [this, key, text] { write(key, text); });
        runtime->sleep_for(milliseconds(1));
        process.kill();
    }

    // For want of room.
    void evict(Key key) {
        for (std::uint64_t other = 1'000; other < 1'200; ++other) {
            ASSERT_TRUE(lru->put(Key{other}, {.bytes = Bytes("filler"), .version = 1},
                                 Duration::max()));
        }
        EXPECT_EQ(cached(key), "nothing");
    }

    std::string stored(Key key) {
        const auto found = store.rows.find(key);
        return found == store.rows.end() ? "absent" : std::string(found->second.bytes->view());
    }
    std::string cached(Key key) {
        const auto found = lru->peek(key, runtime->now());
        if (!found) return "nothing";
        return found->row.bytes ? std::string(found->row.bytes->view()) : "absent";
    }

    Strategy& strategy() { return *strategy_; }

    Outcome last_outcome = Outcome::bypass;

private:
    std::unique_ptr<LocalCache> make_cache(const CacheSettings& of) {
        return find_cache("lru").make(of, *runtime);
    }

    std::unique_ptr<Strategy> strategy_;
    TaskGroup tasks_{*runtime};
};

}  // namespace stalemark
