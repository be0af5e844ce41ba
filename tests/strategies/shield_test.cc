// SPDX-License-Identifier: Apache-2.0
// What each shield does for a herd, what it costs, and how it fails: played in virtual time on
// cache_aside, whose own load it stands before.

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class ShieldPlay : public testing::Test {
protected:
    void make(std::string_view shield) {
        stage.settings.ttl_of = [](Key) { return milliseconds(100); };
        stage.make("cache_aside", shield);
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.read_takes = milliseconds(10);
    }

    // Notes answer and outcome of a read that begins at this millisecond, and when it ended.
    void read_at(int ms) {
        stage.at(ms, [this] {
            const std::string text = stage.read(key);
            answers.push_back(
                text == "trouble"
                    ? text
                    : text + " " +
                          std::string(
                              outcome_names[static_cast<std::size_t>(stage.last_outcome)]));
            ended_ms.push_back(
                std::chrono::duration_cast<milliseconds>(stage.runtime->now()).count());
        });
    }

    using Words = std::vector<std::string>;
    using Times = std::vector<std::int64_t>;

    Stage stage;
    Words answers;
    Times ended_ms;
};

TEST_F(ShieldPlay, WithoutAShieldEachReaderOfTheHerdLoads) {
    make("none");
    for (int reader = 0; reader < 5; ++reader) read_at(reader);
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 5);
    EXPECT_EQ(answers, Words(5, "old miss"));
}

TEST_F(ShieldPlay, WithALockOneLoadsAndTheOthersWaitForItsAnswer) {
    make("lock");
    for (int reader = 0; reader < 5; ++reader) read_at(reader);
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 1);
    EXPECT_EQ(std::ranges::count(answers, "old miss"), 1);
    EXPECT_EQ(std::ranges::count(answers, "old wait"), 4);
    EXPECT_EQ(ended_ms, Times(5, 10));
    EXPECT_EQ(stage.shield_count("joined"), 4U);
}

TEST_F(ShieldPlay, ALockIsHeldForOneKeyAlone) {
    make("lock");
    stage.store.rows[Key{8}] = {Bytes("other"), 1};
    read_at(0);
    stage.at(1, [&] { EXPECT_EQ(stage.read(Key{8}), "other"); });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 2);
    EXPECT_EQ(stage.shield_count("joined"), 0U);
}

TEST_F(ShieldPlay, WhoHasWaitedForTheLockTimeoutAsksTheStoreAndCachesNothing) {
    stage.settings.shield.lock_timeout = milliseconds(4);
    make("lock");
    read_at(0);
    read_at(1);  // Gives up at 5, has its answer at 15.
    stage.at(7, [&] { stage.cache.erase(key); });
    stage.play_until();
    EXPECT_EQ(answers, (Words{"old miss", "old bypass"}));
    EXPECT_EQ(ended_ms, (Times{10, 15}));
    EXPECT_EQ(stage.cache.stamps, 1U);  // The one put is the leader's.
    EXPECT_EQ(stage.shield_count("timed_out"), 1U);
}

TEST_F(ShieldPlay, ALeaderWhoHangsHoldsUpNobodyWhoComesAfterTheLockTimeout) {
    stage.settings.shield.lock_timeout = milliseconds(4);
    make("lock");
    read_at(0);
    read_at(5);  // Leads a flight of its own.
    read_at(6);  // Joins that one.
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 3);  // The last one gives up at 10 and asks for itself.
    EXPECT_EQ(answers, (Words{"old miss", "old miss", "old bypass"}));
}

TEST_F(ShieldPlay, TheLeadersFailureIsThatOfAllWhoWaited) {
    make("lock");
    stage.store.fails_reads_after = true;
    for (int reader = 0; reader < 3; ++reader) read_at(reader);
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 1);
    EXPECT_EQ(answers, Words(3, "trouble"));
    EXPECT_EQ(stage.shield_count("failures_shared"), 2U);
}

TEST_F(ShieldPlay, ALeaderWhoDiesIsFollowedByOneOfThoseWhoWait) {
    make("lock");
    stage.store.dies_once = true;
    stage.at(0, [&] { EXPECT_THROW(stage.read(key), std::runtime_error); });
    read_at(1);
    read_at(2);
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 2);
    EXPECT_EQ(std::ranges::count(answers, "old miss"), 1);
    EXPECT_EQ(std::ranges::count(answers, "old wait"), 1);
    EXPECT_EQ(stage.shield_count("leaders_lost"), 1U);
    EXPECT_EQ(stage.shield_count("joined"), 2U);  // One of them a second time: of the other.
}

TEST_F(ShieldPlay, AReaderAfterAWriteDoesNotJoinALoadThatBeganBeforeIt) {
    make("lock");
    std::string seen;
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] {
        stage.write(key, "new");
        seen = stage.read(key);
    });
    stage.play_until();
    EXPECT_EQ(seen, "new");
    EXPECT_EQ(stage.store.reads, 2);
}

TEST_F(ShieldPlay, AReaderAfterAWriteMayJoinALoadThatBeganBeforeItIfItIsToldSo) {
    stage.settings.shield.joins_overtaken = true;
    stage.make("cache_aside", "lock");
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.read_takes = milliseconds(10);
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] {
        stage.write(key, "new");
        EXPECT_EQ(stage.read(key), "old") << "by its own writer";
        EXPECT_EQ(stage.last_outcome, Outcome::wait);
    });
    stage.play_until();
    EXPECT_EQ(stage.store.reads, 1);
}

TEST_F(ShieldPlay, EarlyReloadsBeforeExpiryAndNobodyMisses) {
    stage.settings.shield.beta = 2;
    make("early");
    for (int ms = 0; ms < 1'000; ++ms) read_at(ms);
    stage.play_until(2'000);
    EXPECT_GT(stage.shield_count("volunteers"), 5U);
    // Without it, every expiry would be a herd of ten.
    EXPECT_LT(stage.store.reads, 60);
}

// Who loads one at a time looks a second time, and must not draw a second lot for it.
TEST_F(ShieldPlay, AVolunteerVolunteersWhetherOrNotHeAloneMayLoad) {
    const auto play = [](const char* strategy) {
        Stage scene;
        scene.settings.shield.beta = 2;
        scene.settings.ttl_of = [](Key) { return milliseconds(100); };
        scene.make(strategy, "early");
        scene.store.rows[key] = {Bytes("old"), 1};
        scene.store.read_takes = milliseconds(10);
        for (int ms = 0; ms < 20'000; ms += 20) scene.at(ms, [&] { scene.read(key); });
        scene.play_until(30'000);
        return std::pair(scene.shield_count("volunteers"), scene.store.reads);
    };
    const auto [volunteers, reads] = play("read_through");
    EXPECT_GT(volunteers, 50U);
    EXPECT_EQ(std::pair(volunteers, reads), play("cache_aside"));
}

TEST_F(ShieldPlay, EarlyWithBetaZeroNeverVolunteers) {
    stage.settings.shield.beta = 0;
    make("early");
    for (int ms = 0; ms < 1'000; ++ms) read_at(ms);
    stage.play_until(2'000);
    EXPECT_EQ(stage.shield_count("volunteers"), 0U);
}

TEST_F(ShieldPlay, AVolunteerWhomTheStoreFailsAnswersWithWhatIsCached) {
    stage.settings.shield.beta = 1'000;
    make("early");
    read_at(0);
    stage.at(20, [&] { stage.store.fails_reads = true; });
    for (int ms = 30; ms < 60; ++ms) read_at(ms);
    stage.play_until();
    EXPECT_GT(stage.shield_count("volunteers"), 0U);
    EXPECT_EQ(std::ranges::count(answers, "trouble"), 0);
    EXPECT_EQ(std::ranges::count(answers, "old hit"), 30);
}

TEST_F(ShieldPlay, StaleAnswersAtOnceWhileOneReloadGoesOnBehindIt) {
    stage.settings.shield.grace = milliseconds(50);
    make("stale");
    read_at(0);
    stage.at(50, [&] { stage.store.rows[key] = {Bytes("new"), 2}; });  // Past the cache.
    for (const int ms : {115, 116, 117, 130}) read_at(ms);
    stage.play_until();
    EXPECT_EQ(answers, (Words{"old miss", "old stale_hit", "old stale_hit", "old stale_hit",
                              "new hit"}));
    EXPECT_EQ(ended_ms, (Times{10, 115, 116, 117, 130}));
    EXPECT_EQ(stage.store.reads, 2);
    EXPECT_EQ(stage.shield_count("served_stale"), 3U);
    EXPECT_EQ(stage.shield_count("revalidations"), 1U);
}

TEST_F(ShieldPlay, StaleAnswersNoLongerThanItsGrace) {
    stage.settings.shield.grace = milliseconds(50);
    make("stale");
    read_at(0);
    read_at(160);  // It was put at 10, fresh until 110, kept until 160.
    stage.play_until();
    EXPECT_EQ(answers, (Words{"old miss", "old miss"}));
}

TEST_F(ShieldPlay, AnErasedKeyIsNotServedStale) {
    stage.settings.shield.grace = milliseconds(1'000);
    make("stale");
    read_at(0);
    stage.at(115, [&] { stage.write(key, "new"); });
    read_at(116);
    stage.play_until();
    EXPECT_EQ(answers, (Words{"old miss", "new miss"}));
}

TEST_F(ShieldPlay, AReloadThatAWriteOvertookIsThrownAway) {
    stage.settings.shield.grace = milliseconds(1'000);
    stage.settings.invalidate = Invalidate::set;
    make("stale");
    read_at(0);
    read_at(115);  // Starts the reload, which reads the old value.
    stage.at(120, [&] { stage.write(key, "new"); });
    read_at(130);
    stage.play_until();
    EXPECT_EQ(answers.back(), "new hit");
}

TEST_F(ShieldPlay, WhileTheStoreFailsStaleIfErrorAnswersAndLeavesTheStoreAlone) {
    stage.settings.shield.grace = milliseconds(0);
    stage.settings.shield.stale_if_error = milliseconds(500);
    stage.settings.shield.error_throttle = milliseconds(100);
    make("stale");
    read_at(0);
    stage.at(50, [&] { stage.store.fails_reads = true; });
    for (int ms = 120; ms < 320; ++ms) read_at(ms);
    read_at(700);  // Past stale-if-error.
    stage.play_until();
    EXPECT_EQ(std::ranges::count(answers, "old stale_hit"), 200);
    EXPECT_EQ(answers.back(), "trouble");
    EXPECT_EQ(stage.store.reads, 4);  // At 0, 120, 220 and 700.
    EXPECT_EQ(stage.shield_count("served_on_error"), 200U);
}

TEST_F(ShieldPlay, WithoutStaleIfErrorTheFailureIsTold) {
    stage.settings.shield.grace = milliseconds(0);
    make("stale");
    read_at(0);
    stage.at(50, [&] { stage.store.fails_reads = true; });
    read_at(120);
    stage.play_until();
    EXPECT_EQ(answers, (Words{"old miss", "trouble"}));
}

// e^(1/beta) reloads an expiry: 7.4 with 0.5, but 1.3 with 4, if more often.
TEST_F(ShieldPlay, MoreBetaMeansFewerReloads) {
    const auto reads_with = [&](double beta) {
        Stage play;
        play.settings.shield.beta = beta;
        play.settings.ttl_of = [](Key) { return milliseconds(500); };
        play.make("cache_aside", "early");
        play.store.rows[key] = {Bytes("old"), 1};
        play.store.read_takes = milliseconds(10);
        for (int ms = 0; ms < 5'000; ++ms) play.at(ms, [&] { play.read(key); });
        play.play_until(10'000);
        return play.store.reads;
    };
    EXPECT_LT(2 * reads_with(4), reads_with(0.5));
}

}  // namespace
}  // namespace stalemark
