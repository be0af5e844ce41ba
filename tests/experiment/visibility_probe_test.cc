// SPDX-License-Identifier: Apache-2.0
// How soon writes are visible in every cache: looked for at known instants, in virtual time.

#include "experiment/visibility_probe.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "core/header.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Key key{3};

class VisibilityProbeTest : public testing::Test {
protected:
    void make(std::uint64_t one_of = 1) {
        probe = std::make_unique<VisibilityProbe>(
            *runtime, oracle,
            [this](Key /*key*/, Instant, const std::function<void(const Cached&)>& see) {
                for (const auto& copy : copies) {
                    if (copy) see({.row = {Bytes(*copy)}});
                }
                if (holds_absence) see({.row = {}});
            },
            one_of);
    }
    void at(Duration when, std::function<void()> play) {
        tasks.spawn("player", [this, when, play = std::move(play)] {
            runtime->sleep_until(Instant(when));
            play();
        });
    }
    // An acknowledged write, now; its bytes.
    std::string write() {
        const Header header = oracle.begin_write(key, 0);
        oracle.acknowledge(key, header, false);
        probe->note(key, header, runtime->now());
        std::string value(40, 'v');
        seal(key, header, value);
        return value;
    }
    void play_until(Duration when) {
        at(when, [this] { probe->end(); });
        runtime->run();
        counts = probe->counts();
    }
    // Visible so long after: of how many looked for.
    std::string visible(std::size_t delay) const {
        const auto& [checked, seen] = counts.at[delay];
        return std::to_string(seen) + " of " + std::to_string(checked);
    }

    std::unique_ptr<VirtualRuntime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    Oracle oracle{10, 3, 2};  // The key is not there at first.
    std::optional<std::string> copies[2];
    bool holds_absence = false;
    std::unique_ptr<VisibilityProbe> probe;
    VisibilityCounts counts;
};

TEST_F(VisibilityProbeTest, WhereNothingIsCachedEveryWriteIsVisibleAtOnce) {
    make();
    at(1ms, [&] { write(); });
    play_until(60s);
    for (std::size_t i = 0; i < visibility_delays.size(); ++i) EXPECT_EQ(visible(i), "1 of 1");
}

TEST_F(VisibilityProbeTest, AnOldCopyInOneCacheHidesTheWriteUntilItIsGone) {
    make();
    at(1ms, [&] {
        std::string preloaded(40, 'v');
        seal(key, Header{}, preloaded);
        copies[1] = preloaded;
        copies[0] = write();
    });
    at(51ms, [&] { copies[1].reset(); });
    play_until(60s);
    EXPECT_EQ(visible(0), "0 of 1");  // 0 ms
    EXPECT_EQ(visible(1), "0 of 1");  // 1 ms
    EXPECT_EQ(visible(2), "0 of 1");  // 10 ms
    EXPECT_EQ(visible(3), "1 of 1");  // 100 ms
    EXPECT_EQ(visible(5), "1 of 1");
}

TEST_F(VisibilityProbeTest, AnAbsenceThatNeverWasSinceHidesTheWrite) {
    make();
    holds_absence = true;
    at(1ms, [&] { write(); });
    play_until(60s);
    EXPECT_EQ(visible(5), "0 of 1");
}

TEST_F(VisibilityProbeTest, ANewerCopyHidesNothing) {
    make();
    at(1ms, [&] {
        write();
        copies[0] = write();
    });
    play_until(60s);
    EXPECT_EQ(visible(0), "2 of 2");
}

TEST_F(VisibilityProbeTest, OneWriteOfSoManyIsLookedFor) {
    make(3);
    at(1ms, [&] {
        for (int i = 0; i < 7; ++i) write();
    });
    play_until(60s);
    EXPECT_EQ(visible(0), "3 of 3");
}

TEST_F(VisibilityProbeTest, WhatIsNotDueAtTheEndIsNotLookedFor) {
    make();
    at(1ms, [&] { write(); });
    play_until(500ms);
    EXPECT_EQ(visible(3), "1 of 1");
    EXPECT_EQ(visible(4), "0 of 0");
}

TEST_F(VisibilityProbeTest, WritesOfTheWarmUpAreForgottenThoughTheyFallDueLater) {
    make();
    at(1ms, [&] { write(); });
    at(5ms, [&] { probe->forget(); });
    at(6ms, [&] { write(); });
    play_until(60s);
    for (std::size_t i = 0; i < visibility_delays.size(); ++i) EXPECT_EQ(visible(i), "1 of 1");
}

}  // namespace
}  // namespace stalemark
