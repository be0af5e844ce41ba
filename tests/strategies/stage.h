// SPDX-License-Identifier: Apache-2.0
// A stage on which a schedule is played in virtual time: real strategy code, tiers whose calls
// can be made to take time or to fail, tasks that enter at given milliseconds.

#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "caches/cache.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "strategies/catalog.h"

namespace stalemark {

using std::chrono::milliseconds;

// A store in a map. After each call it keeps the caller waiting for as long as told.
class StageStore final : public Store {
public:
    explicit StageStore(Runtime& runtime) : runtime_(runtime) {}

    Result<Row> get(Key key) override {
        ++calls;
        ++reads;
        if (fails_reads) return std::unexpected(Trouble::failed);
        if (fails_reads_after || dies_once) pause(read_takes);
        if (std::exchange(dies_once, false)) throw std::runtime_error("dead");
        if (fails_reads_after) return std::unexpected(Trouble::failed);
        const auto found = rows.find(key);
        Row row = found == rows.end() ? Row() : found->second;
        if (row.bytes && lender) row.bytes = Bytes::lent(lender, row.bytes->view());
        pause(read_takes);
        return row;
    }
    Result<Version> put(Key key, const Bytes& bytes) override {
        ++calls;
        if (fails_writes) return std::unexpected(*fails_writes);
        pause(std::exchange(next_write_waits, Duration{0}));
        if (lands_late) pause(write_takes);
        const Version made = ++version;
        rows[key] = {bytes, made};
        if (!lands_late) pause(write_takes);
        return made;
    }
    Result<Version> erase(Key key) override {
        ++calls;
        if (fails_writes) return std::unexpected(*fails_writes);
        rows.erase(key);
        pause(write_takes);
        return ++version;
    }
    Result<void> write(std::span<const Change> changes) override {
        ++calls;
        if (fails_writes) return std::unexpected(*fails_writes);
        if (const auto delay = std::exchange(lands_after, std::nullopt)) {
            const std::vector<Change> left(changes.begin(), changes.end());
            left_.spawn("a call that was left", [this, left, delay] {
                runtime_.sleep_for(*delay);
                take(left);
            });
            return std::unexpected(Trouble::unknown);
        }
        pause(std::exchange(next_write_waits, Duration{0}));
        take(changes);
        pause(write_takes);
        return {};
    }

    std::map<Key, Row> rows;
    std::shared_ptr<int> lender;  // If set, bytes are lent, and it is shared for as long.
    Version version = 0;
    Duration read_takes{0};
    Duration write_takes{0};
    bool lands_late = false;       // A put is made when its time is over, not when it begins.
    Duration next_write_waits{0};  // Before the next put or batch is made.
    std::optional<Trouble> fails_writes;
    std::optional<Duration> lands_after;  // The next batch: its sender does not wait for it.
    bool fails_reads = false;             // At once,
    bool fails_reads_after = false;       // after a while,
    bool dies_once = false;               // or by an exception in the reader's task.
    int reads = 0;
    std::uint32_t calls = 0;
    std::vector<std::string> batches;  // The values of each, in a row.

private:
    void take(std::span<const Change> changes) {
        std::string batch;
        for (const Change& change : changes) {
            if (change.bytes) {
                rows[change.key] = {*change.bytes, ++version};
                batch += std::string(change.bytes->view());
            } else {
                rows.erase(change.key);
                batch += '-';
            }
        }
        batches.push_back(batch);
    }

    void pause(Duration duration) {
        if (duration > Duration{0}) runtime_.sleep_for(duration);
    }

    Runtime& runtime_;
    TaskGroup left_{runtime_};
};

// A cache in a map without bound. Before each put and erase it keeps the caller waiting once
// for as long as told.
class StageCache final : public LocalCache {
public:
    explicit StageCache(Runtime& runtime) : runtime_(runtime) {}

    using Cache::get;
    std::expected<Cached, Missed> get(Key key, const Look& look) override {
        if (look.is_first) ++calls;
        if (is_down) return std::unexpected(Miss::unavailable);
        if (get_takes > Duration{0}) runtime_.sleep_for(get_takes);
        const auto found = entries.find(key);
        if (found == entries.end() || found->second.kept_until() <= runtime_.now()) {
            return std::unexpected(Miss::absent);
        }
        Cached entry = found->second;
        entry.is_stale = entry.expires <= runtime_.now();
        return entry;
    }
    using Cache::put;
    Result<Stamp> put(Key key, const Row& row, const Life& life,
                      const Condition& condition) override {
        ++calls;
        pause();
        if (!holds(key, condition)) return no_stamp;
        const bool is_endless = life.ttl == Duration::max();
        const Instant now = runtime_.now();
        entries[key] = {
            .row = row,
            .expires = is_endless ? never : now + life.ttl,
            .born = is_endless ? Instant{0} : now - life.age,
            .stamp = ++stamps,
            .grace = life.grace,
            .load_time = life.load_time,
            .slack = life.load_began == never ? Duration{0} : now - life.load_began};
        return stamps;
    }
    using Cache::erase;
    Result<bool> erase(Key key, const Condition& condition,
                       const Remains& /*remains*/) override {
        ++calls;
        pause();
        if (fails_erases) return std::unexpected(Trouble::failed);
        if (!holds(key, condition)) return false;
        entries.erase(key);
        return true;
    }
    void evict(Key key) override { entries.erase(key); }
    std::uint64_t clear() override {
        const std::uint64_t dropped = entries.size();
        entries.clear();
        return dropped;
    }
    void visit(Instant /*at*/, const std::function<void(Key, const Cached&)>& see) override {
        for (const auto& [key, entry] : entries) see(key, entry);
    }
    std::optional<Cached> peek(Key key, Instant /*at*/) const override {
        const auto found = entries.find(key);
        return found == entries.end() ? std::nullopt : std::optional(found->second);
    }
    CacheCounts counts() const override { return {}; }
    CacheUse use() const override { return {}; }

    std::map<Key, Cached> entries;
    Stamp stamps = 0;
    std::uint32_t calls = 0;    // But for second looks.
    bool is_down = false;       // To reads,
    bool fails_erases = false;  // or to those who erase.
    Duration get_takes{0};      // Before each get looks.
    Duration next_change_takes{0};

private:
    // Strategies and shields ask for no other condition.
    bool holds(Key key, const Condition& condition) {
        if (condition.kind() == Condition::Kind::always) return true;
        if (condition.kind() != Condition::Kind::unchanged) throw std::logic_error("unknown");
        const auto found = entries.find(key);
        const bool is_there =
            found != entries.end() && found->second.kept_until() > runtime_.now();
        return condition.stamp() == (is_there ? found->second.stamp : no_stamp);
    }
    void pause() {
        const Duration duration = std::exchange(next_change_takes, Duration{0});
        if (duration > Duration{0}) runtime_.sleep_for(duration);
    }

    Runtime& runtime_;
};

class Stage {
public:
    // Settings must be in place before the strategy is made.
    Settings settings;
    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    StageCache cache{*runtime};
    StageStore store{*runtime};
    Publisher* publisher = nullptr;  // Likewise.

    void make(std::string_view name, std::string_view shield = "none") {
        if (shield == "stale") {
            settings.grace = std::max(settings.shield.grace, settings.shield.stale_if_error);
        }
        strategy_ = find_strategy(name).make(
            {cache, store, *runtime, settings, find_shield(shield), nullptr, publisher});
    }

    // Lets a task enter at this millisecond.
    void at(int ms, std::function<void()> play) {
        tasks.spawn("player", [this, ms, play = std::move(play)] {
            runtime->sleep_until(milliseconds(ms));
            play();
        });
    }

    // Plays it all, with the drain at this millisecond.
    void play_until(int drain_at_ms = 10'000) {
        at(drain_at_ms, [this] { strategy_->drain(); });
        runtime->run();
    }

    Strategy& strategy() { return *strategy_; }

    // What the shield has counted under this name.
    std::uint64_t shield_count(std::string_view name) {
        for (const ShieldCount& count : strategy_->shield_counts()) {
            if (count.name == name) return count.number;
        }
        throw std::logic_error("no such count");
    }

    std::string read(Key key) {
        const auto answer = strategy_->read(key);
        if (!answer) return "trouble";
        last_outcome = answer->outcome;
        return answer->row.bytes ? std::string(answer->row.bytes->view()) : "absent";
    }
    bool write(Key key, std::string_view text) {
        return strategy_->write(key, Bytes(text)).has_value();
    }
    bool erase(Key key) { return strategy_->write(key, std::nullopt).has_value(); }

    // Of the tiers so far.
    std::uint32_t calls() const { return cache.calls + store.calls; }

    std::string stored(Key key) {
        const auto found = store.rows.find(key);
        return found == store.rows.end() ? "absent" : std::string(found->second.bytes->view());
    }
    std::string cached(Key key) {
        const auto found = cache.entries.find(key);
        if (found == cache.entries.end()) return "nothing";
        return found->second.row.bytes ? std::string(found->second.row.bytes->view())
                                       : "absent";
    }

    Outcome last_outcome = Outcome::bypass;

private:
    std::unique_ptr<Strategy> strategy_;
    TaskGroup tasks{*runtime};
};

}  // namespace stalemark
