// SPDX-License-Identifier: Apache-2.0
// Following a store's log: what is told, in which order, how soon, and what of a log that
// cannot be read.

#include "events/log_tail.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>

#include "events/stage.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

constexpr Duration period = 10ms;

class LogTailTest : public testing::Test {
protected:
    void follow(bool notes_before = false, bool notes_after = false) {
        stage.make();
        const auto noting = [this](const char* when) {
            return [this, when](const Event& event) {
                steps += when + std::to_string(index_of(event.key)) + " ";
                stage.runtime->sleep_for(step_takes);
            };
        };
        tail.emplace(
            *stage.runtime, stage.bus(), period, [this] { return read(); },
            notes_before ? std::function<void(const Event&)>(noting("before")) : nullptr,
            notes_after ? std::function<void(const Event&)>(noting("after")) : nullptr);
    }

    // At most so many changes at a time.
    std::optional<std::vector<Event>> read() {
        ++reads;
        if (fails > 0) {
            --fails;
            return std::nullopt;
        }
        std::vector<Event> events;
        for (; !log.empty() && events.size() < batch_max; log.pop_front()) {
            events.push_back({.key = log.front(), .version = 1});
        }
        return events;
    }

    void commit_at(Duration when, std::uint64_t number) {
        stage.at(Instant(when), [this, number] { log.push_back(Key{number}); });
    }
    void play_until(Duration when) {
        stage.at(Instant(when), [this] {
            is_read = tail->drain();
            drained = stage.runtime->now();
            stage.bus().drain(1h);
        });
        stage.runtime->run();
    }
    std::vector<std::uint64_t> told(std::size_t node) const {
        std::vector<std::uint64_t> keys;
        for (const Event& event : stage.nodes[node]->events)
            keys.push_back(index_of(event.key));
        return keys;
    }

    using Numbers = std::vector<std::uint64_t>;

    BusStage stage;
    std::deque<Key> log;
    std::size_t batch_max = 2;
    int reads = 0;
    int fails = 0;
    std::string steps;
    Duration step_takes{0};
    std::optional<LogTail> tail;
    bool is_read = false;
    Instant drained{0};
};

TEST_F(LogTailTest, EveryNodeIsToldOfEveryChangeInTheOrderOfTheLog) {
    follow();
    for (std::uint64_t i = 0; i < 5; ++i) commit_at(Duration(i), i);
    play_until(1s);
    for (std::size_t node = 0; node < 3; ++node) {
        EXPECT_EQ(told(node), (Numbers{0, 1, 2, 3, 4})) << node;
        EXPECT_EQ(stage.nodes[node]->events[0].publisher, commit_log);
    }
    EXPECT_TRUE(is_read);
}

TEST_F(LogTailTest, AChangeIsToldOfAtTheNextReading) {
    follow();
    commit_at(13ms, 1);
    play_until(1s);
    EXPECT_EQ(stage.nodes[0]->arrived.at(0).at, Instant(20ms));
}

TEST_F(LogTailTest, TheDrainReadsWhatIsLeftAtOnce) {
    follow();
    for (std::uint64_t i = 0; i < 5; ++i) commit_at(13ms, i);
    play_until(14ms);
    EXPECT_EQ(told(2), (Numbers{0, 1, 2, 3, 4}));
    EXPECT_EQ(drained, Instant(14ms));
    EXPECT_TRUE(is_read);
}

TEST_F(LogTailTest, ADrainBeforeAnythingRanStillReadsTheLog) {
    follow();
    log = {Key{1}};
    play_until(0ms);
    EXPECT_EQ(told(0), Numbers{1});
}

TEST_F(LogTailTest, WhatIsToBeDoneBeforeAnEventIsDoneBeforeItLeaves) {
    step_takes = 3ms;
    follow(true, false);
    commit_at(1ms, 1);
    play_until(1s);
    EXPECT_EQ(steps, "before1 ");
    EXPECT_EQ(stage.nodes[0]->arrived.at(0).at, Instant(13ms));
}

TEST_F(LogTailTest, WhatIsToBeDoneAfterAnEventIsDoneAfterItHasLeft) {
    step_takes = 3ms;
    follow(false, true);
    commit_at(1ms, 1);
    commit_at(1ms, 2);
    play_until(1s);
    EXPECT_EQ(steps, "after1 after2 ");
    EXPECT_EQ(stage.nodes[0]->arrived.at(0).at, Instant(10ms));
    EXPECT_EQ(stage.nodes[0]->arrived.at(1).at, Instant(10ms));
}

TEST_F(LogTailTest, SoManyChangesAreTreatedAtOnceAndToldInTheOrderOfTheLog) {
    step_takes = 3ms;
    batch_max = 1'000;
    follow(true, false);
    constexpr std::uint64_t changes = 2 * LogTail::abreast + 1;
    Numbers all;
    for (std::uint64_t i = 0; i < changes; ++i) {
        commit_at(1ms, i);
        all.push_back(i);
    }
    play_until(1s);
    EXPECT_EQ(told(0), all);
    const auto& arrived = stage.nodes[0]->arrived;
    EXPECT_EQ(arrived.at(LogTail::abreast - 1).at, Instant(13ms));
    EXPECT_EQ(arrived.at(LogTail::abreast).at, Instant(16ms));
    EXPECT_EQ(arrived.back().at, Instant(19ms));
}

TEST_F(LogTailTest, TheDrainWaitsForWhatIsToBeDoneAfterAnEvent) {
    step_takes = 30ms;
    follow(false, true);
    for (std::uint64_t i = 0; i < 2; ++i) commit_at(1ms, i);
    play_until(12ms);
    EXPECT_EQ(steps, "after0 after1 ");
    EXPECT_EQ(drained, Instant(40ms));
}

TEST_F(LogTailTest, ALogThatCannotBeReadNowIsReadLater) {
    follow();
    fails = 3;  // Until 30 ms.
    commit_at(1ms, 1);
    play_until(1s);
    EXPECT_EQ(stage.nodes[0]->arrived.at(0).at, Instant(30ms));
    EXPECT_TRUE(is_read);
}

TEST_F(LogTailTest, AtTheEndALogIsTriedAFewTimes) {
    follow();
    commit_at(12ms, 1);
    stage.at(Instant(13ms), [this] { fails = LogTail::last_tries - 1; });
    play_until(14ms);
    EXPECT_EQ(told(0), Numbers{1});
    EXPECT_TRUE(is_read);
}

TEST_F(LogTailTest, ALogThatStaysUnreadableIsToldOfAtTheEnd) {
    follow();
    commit_at(12ms, 1);
    stage.at(Instant(13ms), [this] { fails = 1'000'000; });
    play_until(14ms);
    EXPECT_EQ(told(0), Numbers{});
    EXPECT_FALSE(is_read);
}

}  // namespace
}  // namespace stalemark
