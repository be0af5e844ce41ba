// SPDX-License-Identifier: Apache-2.0
// A story of two clients, on one node or two, under one setting of a strategy.

#pragma once

#include <gtest/gtest.h>

#include <set>

#include "core/words.h"
#include "events/bus.h"
#include "strategies/stage.h"

namespace stalemark {

inline constexpr Key key{7};
inline constexpr auto ttl = milliseconds(1'000);
// What an event tells of begins with a header.
inline const std::string fresh = "new, for so long";

struct Setting {
    const StrategyEntry* strategy;
    Invalidate invalidate;
    Copies copies;
    Duration negative_ttl;

    KnownRaces races() const {
        return strategy->races({.negative_ttl = negative_ttl, .invalidate = invalidate},
                               copies);
    }
    // But for the strategy.
    std::string text() const {
        return std::string(invalidate_names[static_cast<std::size_t>(invalidate)]) + ", " +
               std::to_string(copies.nodes) + (copies.are_near ? " near" : " shared") +
               (negative_ttl > Duration{0} ? ", negative" : "");
    }
};

inline std::vector<Setting> all_settings() {
    std::vector<Setting> all;
    for (const StrategyEntry& entry : all_strategies()) {
        for (std::size_t mode = 0; mode < invalidate_names.size(); ++mode) {
            const auto invalidate = static_cast<Invalidate>(mode);
            if (!has_word(entry.invalidate, invalidate_names[mode]) &&
                invalidate != default_invalidate(entry))
                continue;
            for (const bool are_near : {true, false}) {
                for (const std::uint32_t nodes : {1U, 2U}) {
                    const Copies copies{
                        .longest_ttl = ttl, .nodes = nodes, .are_near = are_near};
                    for (const Duration absent : {Duration{0}, Duration(ttl)})
                        all.push_back({&entry, invalidate, copies, absent});
                }
            }
        }
    }
    return all;
}

// Drops what it is told of, as the receiver of a node does.
class Dropper final : public Subscriber {
public:
    explicit Dropper(StageCache* cache) : cache_(cache) {}
    void on_event(const Event& event) override {
        if (cache_ != nullptr) cache_->entries.erase(event.key);
    }
    void on_heartbeat(std::uint32_t /*publisher*/, std::uint64_t /*newest*/) override {}

private:
    StageCache* cache_;
};

// One node, or two of which the other is `there`, over one store.
class Play {
public:
    explicit Play(const Setting& played) : setting(played) {
        bus.subscribe(0, nobody_);
        bus.subscribe(1, there_);
        stage.settings.ttl_of = [](Key) { return ttl; };
        stage.settings.negative_ttl = setting.negative_ttl;
        stage.settings.invalidate = setting.invalidate;
        if (is_told() && setting.copies.are_apart()) stage.publisher = &publisher_;
        stage.make(setting.strategy->name);
        if (setting.copies.nodes == 2) {
            other_ = setting.strategy->make({setting.copies.are_near ? far_cache : stage.cache,
                                             stage.store, *stage.runtime, stage.settings});
        }
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
    }

    // The client enters at this millisecond.
    void at(int client, int ms, std::function<void()> act) {
        clients_.insert(client);
        stage.at(ms, std::move(act));
    }
    std::string read() { return stage.read(key); }
    std::string read_there() {
        if (!other_) return read();
        const auto answer = other_->read(key);
        return answer->row.bytes ? std::string(answer->row.bytes->view()) : "absent";
    }
    void write(std::string_view text) { EXPECT_TRUE(stage.write(key, text)); }
    void write_there(Key which, std::string_view text) {
        EXPECT_TRUE((other_ ? *other_ : stage.strategy()).write(which, Bytes(text)));
    }
    bool is_told() const { return setting.invalidate == Invalidate::event; }
    std::uint32_t calls() const { return stage.calls() + far_cache.calls; }

    // To be called where harm would show: `shows` says whether it does.
    void look(bool shows) {
        if (shows && !steps) steps = calls();
        is_last_harmed = shows;
    }
    void play() {
        stage.at(10'000, [this] {
            if (other_) other_->drain();
        });
        stage.at(20'000, [this] { bus.drain(milliseconds(1'000)); });
        stage.play_until();
        if (afterwards) afterwards();
    }
    std::uint32_t clients() const { return static_cast<std::uint32_t>(clients_.size()); }

    const Setting setting;
    Stage stage;
    StageCache far_cache{*stage.runtime};
    Bus bus{*stage.runtime, {.nodes = 2, .delay = Distribution(2e6)}};
    std::optional<std::uint32_t> steps;  // Up to where the harm first showed.
    bool is_last_harmed = false;         // At the last look.
    std::function<void()> afterwards;    // Called once all is played; empty: nothing is.

private:
    Dropper nobody_{nullptr};
    Dropper there_{&far_cache};
    Publisher publisher_{bus, 0};
    std::unique_ptr<Strategy> other_;
    std::set<int> clients_;
};

}  // namespace stalemark
