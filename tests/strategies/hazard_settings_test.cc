// SPDX-License-Identifier: Apache-2.0
// The races that the catalogue names, each played for every strategy under every setting: where
// a race is claimed its story must show the harm, and where none is it must not.

#include <gtest/gtest.h>

#include "strategies/claimed_race.h"
#include "strategies/play.h"

namespace stalemark {
namespace {

class HazardOfSettings : public testing::Test {
protected:
    // Plays the story under every setting. `name`: of the race that it should show under one.
    // Of the strategies with the same races, one at least must take the steps that are claimed.
    template <typename Name, typename Story>
    void play_by(Name name, Story story) {
        using Kind = std::pair<decltype(StrategyEntry::races), std::string>;
        std::map<Kind, std::uint32_t> beyond;  // Fewest steps played, less those claimed.
        for (const Setting& setting : all_settings()) {
            SCOPED_TRACE(std::string(setting.strategy->name) + " " + setting.text());
            const auto claimed = find_race(setting.races(), name(setting));
            Play played(setting);
            story(played);
            played.play();
            EXPECT_EQ(played.steps.has_value(), claimed.has_value());
            if (!claimed) continue;
            EXPECT_EQ(claimed->test, this_test());
            EXPECT_EQ(claimed->clients, played.clients());
            const std::uint32_t played_steps = played.steps.value_or(0);
            EXPECT_LE(claimed->steps, played_steps);
            const Kind kind(setting.strategy->races, setting.text());
            const auto known = beyond.emplace(kind, played_steps - claimed->steps).first;
            known->second = std::min(known->second, played_steps - claimed->steps);
            const bool is_ended = claimed->lasts != KnownRace::Lasts::for_ever &&
                                  claimed->lasts != KnownRace::Lasts::until_next_write;
            EXPECT_EQ(played.is_last_harmed, !is_ended);
        }
        EXPECT_FALSE(beyond.empty());
        for (const auto& [kind, steps] : beyond) EXPECT_EQ(steps, 0U) << kind.second;
    }
    template <typename Story>
    void play(std::string_view name, Story story) {
        play_by([name](const Setting& /*setting*/) { return name; }, story);
    }
};

TEST_F(HazardOfSettings, AFillThatAWriteHasOvertakenIsKept) {
    const auto name = [](const Setting& setting) {
        return setting.strategy->traits.stores_later ? "slow_fill_over_queue"
                                                     : "overtaken_fill";
    };
    play_by(name, [](Play& on) {
        on.stage.store.read_takes = milliseconds(10);
        on.at(0, 0, [&] { on.read(); });
        on.at(1, 5, [&] { on.write(fresh); });
        for (const int ms : {20, 700, 1'500}) {
            on.at(0, ms, [&, ms] {
                const std::string seen = on.read();
                if (ms != 700) return on.look(seen == "old");
                EXPECT_EQ(seen, on.steps ? "old" : fresh);
            });
        }
    });
}

TEST_F(HazardOfSettings, ANegativeEntryHidesAnInsert) {
    play("negative_entry_hides_insert", [](Play& on) {
        on.stage.store.rows.clear();
        on.stage.store.read_takes = milliseconds(10);
        on.at(0, 0, [&] { on.read(); });
        on.at(1, 5, [&] { on.write(fresh); });
        on.at(0, 20, [&] { on.look(on.read() == "absent"); });
        on.at(0, 1'500, [&] { on.look(on.read() == "absent"); });
    });
}

TEST_F(HazardOfSettings, TwoWritersReachTheCacheInTheOppositeOrder) {
    play("inverted_writers", [](Play& on) {
        // It sets only what is cached.
        if (on.setting.strategy->name == "write_around") on.at(0, 0, [&] { on.read(); });
        on.at(0, 1, [&] {
            on.stage.cache.next_change_takes = milliseconds(10);
            on.write("first, 16 bytes.");
        });
        on.at(1, 5, [&] { on.write(fresh); });
        for (const int ms : {30, 1'500}) {
            on.at(1, ms, [&] {
                const bool is_first = on.read() == "first, 16 bytes.";
                on.look(is_first && on.stage.stored(key) == fresh);
            });
        }
    });
}

// A client who finds his own write unseen, or one who does so on another node.
void a_copy_is_read_after_a_write(Play& on) {
    const bool is_alone =
        on.setting.invalidate == Invalidate::none || !on.setting.copies.are_apart();
    const auto read = [&on, is_alone] { return is_alone ? on.read() : on.read_there(); };
    on.at(0, 0, [=] { read(); });
    on.at(is_alone ? 0 : 1, 10, [&on] { on.write(fresh); });
    on.at(0, 11, [=, &on] { on.look(read() == "old"); });
    if (on.is_told()) {  // By the log, where all share one cache.
        if (is_alone) on.stage.at(13, [&on] { on.stage.cache.entries.erase(key); });
        on.at(0, 15, [=, &on] { on.look(read() == "old"); });
    } else {
        on.at(0, 700, [=, &on] { EXPECT_EQ(read(), on.steps ? "old" : fresh); });
        on.at(0, 1'500, [=, &on] { on.look(read() == "old"); });
    }
}

TEST_F(HazardOfSettings, AWriteDoesNotReachACopy) {
    const auto name = [](const Setting& setting) {
        return setting.invalidate == Invalidate::event ? "late_event" : "unseen_write";
    };
    play_by(name, a_copy_is_read_after_a_write);
}

TEST_F(HazardOfSettings, AReloadThatAWriteHasOvertakenIsKept) {
    play("overtaken_reload", [](Play& on) {
        const bool is_here = on.setting.invalidate == Invalidate::none;
        const auto read = [&on, is_here] { return is_here ? on.read() : on.read_there(); };
        on.at(0, 0, [=] { read(); });
        on.at(0, 850, [=, &on] {
            on.stage.store.read_takes = milliseconds(20);
            read();
        });
        on.at(1, 855, [&] { on.write(fresh); });
        if (on.is_told() && !on.setting.copies.are_apart())
            on.stage.at(860, [&] { on.stage.cache.entries.erase(key); });
        on.at(0, 1'200, [=, &on] { on.look(read() == "old"); });  // Its own life is over.
        on.at(0, 2'500, [=, &on] { on.look(read() == "old"); });
    });
}

TEST_F(HazardOfSettings, TheStoreIsReadBeforeTheFlush) {
    play("late_store", [](Play& on) {
        const auto is_old = [&on] { return on.stage.store.get(key)->bytes->view() == "old"; };
        on.at(0, 0, [&] { on.write(fresh); });
        on.at(1, 10, [=, &on] { on.look(is_old()); });
        on.at(1, 200, [=, &on] { on.look(is_old()); });
    });
}

TEST_F(HazardOfSettings, AQueueIsLostWithItsProcess) {
    play("lost_queue", [](Play& on) {
        on.at(0, 0, [&] { on.write(fresh); });
        const auto calls = std::make_shared<std::uint32_t>(0);
        const auto left = std::make_shared<std::map<Key, Row>>();
        on.stage.at(50, [=, &on] {
            *calls = on.calls();
            *left = on.stage.store.rows;
        });
        on.afterwards = [=, &on] {
            Play next(on.setting);  // The process that follows.
            next.stage.store.rows = *left;
            for (const int ms : {0, 9'000})
                next.at(0, ms, [&next] { next.look(next.read() == "old"); });
            next.play();
            if (next.steps) on.steps = *calls + *next.steps;
            on.is_last_harmed = next.is_last_harmed;
        };
    });
}

TEST_F(HazardOfSettings, TwoQueuesAreFlushedInTheOppositeOrder) {
    play("unordered_queues", [](Play& on) {
        on.at(0, 0, [&] { on.write_there(Key{8}, fresh); });
        on.at(1, 10, [&] { on.write("first, 16 bytes."); });
        on.at(0, 20, [&] { on.write_there(key, fresh); });  // Goes with what waits there.
        for (const int ms : {500, 9'000})
            on.stage.at(ms, [&] { on.look(on.stage.stored(key) != fresh); });
    });
}

TEST_F(HazardOfSettings, AnotherNodeLoadsBeforeTheFlush) {
    play("unflushed_write", [](Play& on) {
        on.at(0, 0, [&] { on.write(fresh); });
        on.at(1, 10, [&] {
            if (!on.setting.copies.are_apart()) on.stage.cache.entries.erase(key);  // Evicted.
            on.look(on.read_there() == "old");
        });
        on.at(1, 700, [&] { EXPECT_EQ(on.read_there(), on.steps ? "old" : fresh); });
        on.at(1, 1'500, [&] { on.look(on.read_there() == "old"); });
    });
}

}  // namespace
}  // namespace stalemark
