// SPDX-License-Identifier: Apache-2.0
// What a write tells the other nodes with --invalidate event, and when: of every strategy that
// can tell them.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/header.h"
#include "core/words.h"
#include "events/bus.h"
#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

// What is written must have the length of a header at least.
const std::string fresh = "new, for so long";
static_assert(Header::size_bytes == 16);

// The other node. It notes what it is told, and what the writer's cache holds at that moment.
class Listener final : public Subscriber {
public:
    explicit Listener(Stage& stage) : stage_(stage) {}

    void on_event(const Event& event) override {
        heard.push_back("version " + std::to_string(event.version) + ", cached " +
                        stage_.cached(event.key));
        writes.push_back(event.write.has_value());
    }
    void on_heartbeat(std::uint32_t /*publisher*/, std::uint64_t /*newest*/) override {}

    std::vector<std::string> heard;
    std::vector<bool> writes;

private:
    Stage& stage_;
};

std::vector<StrategyEntry> tellers() {
    std::vector<StrategyEntry> all;
    for (const StrategyEntry& entry : all_strategies()) {
        if (has_word(entry.invalidate, "event")) all.push_back(entry);
    }
    return all;
}

class EventOf : public testing::TestWithParam<StrategyEntry> {
protected:
    EventOf() {
        bus.subscribe(0, nobody);
        bus.subscribe(1, other);
    }
    void make(bool events_first = false, bool tells = true) {
        stage.settings.ttl_of = [](Key) { return milliseconds(1'000); };
        stage.settings.invalidate = Invalidate::event;
        stage.settings.events_first = events_first;
        if (tells) stage.publisher = &publisher;
        stage.make(GetParam().name);
        stage.store.rows[key] = {Bytes("old"), 1};
        stage.store.version = 1;
        stage.at(0, [this] { stage.read(key); });
    }
    void play() {
        stage.at(20'000, [this] { bus.drain(milliseconds(1'000)); });
        stage.play_until();
    }
    // Of what the cache holds after a write.
    std::string treated() const {
        return GetParam().name == "write_through" ? fresh : "nothing";
    }

    using Heard = std::vector<std::string>;

    Stage stage;
    Bus bus{*stage.runtime, {.nodes = 2}};
    Listener nobody{stage};
    Listener other{stage};
    Publisher publisher{bus, 0};
};

TEST_P(EventOf, AWriteIsToldOnceItIsInTheStoreAndTheCacheIsTreated) {
    make();
    stage.store.write_takes = milliseconds(3);
    stage.at(1, [&] {
        stage.cache.next_change_takes = milliseconds(5);
        EXPECT_TRUE(stage.write(key, fresh));
        EXPECT_TRUE(stage.runtime->now() == Instant(milliseconds(9)));
    });
    play();
    EXPECT_EQ(other.heard, Heard{"version 2, cached " + treated()});
    EXPECT_TRUE(nobody.heard.empty());  // A node does not tell itself.
}

TEST_P(EventOf, EventFirstLeavesBeforeTheCacheIsTreated) {
    make(true);
    stage.at(1, [&] {
        stage.cache.next_change_takes = milliseconds(5);
        stage.write(key, fresh);
    });
    play();
    EXPECT_EQ(other.heard, Heard{"version 2, cached old"});
    EXPECT_EQ(stage.cached(key), treated());
}

TEST_P(EventOf, ADeleteIsToldWithItsVersion) {
    make();
    stage.at(1, [&] { EXPECT_TRUE(stage.erase(key)); });
    play();
    EXPECT_EQ(other.heard, Heard{"version 2, cached nothing"});
    EXPECT_EQ(other.writes, std::vector<bool>{false});
}

TEST_P(EventOf, AWriteOfUnknownOutcomeIsToldWithoutVersion) {
    make();
    stage.at(1, [&] {
        stage.store.fails_writes = Trouble::unknown;
        EXPECT_FALSE(stage.write(key, fresh));
    });
    play();
    EXPECT_EQ(other.heard, Heard{"version 0, cached nothing"});
}

TEST_P(EventOf, AWriteThatFailedIsNotTold) {
    make();
    stage.at(1, [&] {
        stage.store.fails_writes = Trouble::failed;
        EXPECT_FALSE(stage.write(key, fresh));
    });
    play();
    EXPECT_EQ(other.heard, Heard{});
    EXPECT_EQ(stage.cached(key), "old");
}

// The store's log tells every node, the writer's own included; a strategy that sets still does.
TEST_P(EventOf, WithoutAVoiceOfItsOwnItLeavesTheCacheToTheLog) {
    make(false, false);
    stage.at(1, [&] { EXPECT_TRUE(stage.write(key, fresh)); });
    play();
    EXPECT_EQ(other.heard, Heard{});
    EXPECT_EQ(stage.cached(key), GetParam().name == "write_through" ? fresh : "old");
}

INSTANTIATE_TEST_SUITE_P(Catalog, EventOf, testing::ValuesIn(tellers()),
                         [](const auto& entry) { return std::string(entry.param.name); });

}  // namespace
}  // namespace stalemark
