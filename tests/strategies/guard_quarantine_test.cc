// SPDX-License-Identifier: Apache-2.0
// The guard `quarantine`: what readers find during a change, and how a quarantine ends.

#include <gtest/gtest.h>

#include "strategies/guard_stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class GuardQuarantine : public testing::Test {
protected:
    GuardQuarantine() { set_up(stage); }
    static void set_up(GuardStage& on) {
        on.store.rows[key] = {Bytes("old"), 1};
        on.store.version = 1;
        on.store.lands_late = true;
        on.settings.guarding.quarantine_ttl = milliseconds(100);
    }

    GuardStage stage;
};

TEST_F(GuardQuarantine, DuringAChangeAReaderFindsTheOldEntryOrNone) {
    for (const auto reads : {QuarantineReads::old, QuarantineReads::none}) {
        GuardStage on;
        set_up(on);
        on.settings.guarding.quarantine_reads = reads;
        on.store.write_takes = milliseconds(30);
        on.make("cache_aside", "quarantine");
        const bool sees_old = reads == QuarantineReads::old;
        on.at(0, [&] { on.read(key); });
        on.at(5, [&] { on.write(key, "new"); });
        on.at(10, [&] {
            EXPECT_EQ(on.read(key), sees_old ? "old" : "new");
            EXPECT_EQ(on.runtime->now() > milliseconds(35), !sees_old);
        });
        on.at(60, [&] { EXPECT_EQ(on.read(key), "new"); });
        on.play();
    }
}

TEST_F(GuardQuarantine, AReaderThatMissesDuringAChangeCachesNothing) {
    stage.settings.guarding.lease_losers = LeaseLosers::bypass;
    stage.store.write_takes = milliseconds(30);
    stage.make("cache_aside", "quarantine");
    stage.at(5, [&] { stage.write(key, "new"); });
    stage.at(10, [&] {
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_EQ(stage.last_outcome, Outcome::bypass);
        EXPECT_EQ(stage.cached(key), "nothing");
    });
    stage.play();
}

TEST_F(GuardQuarantine, AKeyThatTwoWritersHaveIsErasedByEach) {
    stage.make("cache_aside", "quarantine");
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] {
        stage.store.next_write_waits = milliseconds(30);
        stage.write(key, "second");
    });
    stage.at(10, [&] {
        stage.write(key, "first");
        EXPECT_EQ(stage.cached(key), "nothing");  // Which it would not be for its reader.
    });
    stage.at(15, [&] {
        EXPECT_EQ(stage.read(key), "second");  // There is no lease before the other's end.
        EXPECT_GE(stage.runtime->now(), milliseconds(35));
    });
    stage.play();
}

TEST_F(GuardQuarantine, AWriterWhoseTimeIsOverErasesAllTheSame) {
    stage.settings.guarding.quarantine_ttl = milliseconds(10);
    stage.store.write_takes = milliseconds(30);
    stage.make("cache_aside", "quarantine");
    stage.at(5, [&] { stage.write(key, "new"); });
    stage.at(20, [&] {
        EXPECT_EQ(stage.read(key), "old");
        EXPECT_EQ(stage.cached(key), "old");
    });
    stage.at(60, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play();
}

TEST_F(GuardQuarantine, TheCopyOfAWriterThatDiedGoesWithItsTime) {
    stage.make("cache_aside", "quarantine");
    stage.at(0, [&] { stage.read(key); });
    stage.at(5, [&] { stage.die_writing(key, "new"); });
    stage.at(50, [&] { EXPECT_EQ(stage.read(key), "old"); });
    stage.at(110, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play();
}

TEST_F(GuardQuarantine, AnEraseIsMadeOnce) {
    stage.make("cache_aside", "quarantine");
    stage.at(0, [&] { stage.write(key, "new"); });
    stage.play();
    EXPECT_EQ(stage.lru->counts().erases, 1U);
}

}  // namespace
}  // namespace stalemark
