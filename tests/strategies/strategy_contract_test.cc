// SPDX-License-Identifier: Apache-2.0
// What every strategy in the catalogue must do, whatever its idea, behind every shield that it
// can have.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/words.h"
#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

struct Protocol {
    const StrategyEntry* strategy;
    const ShieldEntry* shield;
};

// A shield stands before loads into a cache, where entries have a TTL.
std::vector<Protocol> protocols() {
    std::vector<Protocol> all;
    for (const StrategyEntry& strategy : all_strategies()) {
        const bool loads = has_word(strategy.knobs, "ttl");
        for (const ShieldEntry& shield : all_shields()) {
            if (loads || &shield == &no_shield()) all.push_back({&strategy, &shield});
        }
    }
    return all;
}

class StrategyContract : public testing::TestWithParam<Protocol> {
protected:
    void make() {
        stage.settings.ttl_of = [](Key) { return milliseconds(1'000); };
        const std::string_view takes = strategy().invalidate;
        if (takes.starts_with("none")) stage.settings.invalidate = Invalidate::none;
        if (takes.starts_with("set")) stage.settings.invalidate = Invalidate::set;
        stage.make(strategy().name, GetParam().shield->name);
    }
    const StrategyEntry& strategy() const { return *GetParam().strategy; }

    Stage stage;
};

TEST_P(StrategyContract, AnUncachedKeyIsReadFromTheStore) {
    make();
    stage.store.rows[key] = {Bytes("stored"), 1};
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "stored"); });
    stage.play_until();
}

TEST_P(StrategyContract, NothingThatTheStoreHasLentIsKept) {
    stage.settings.grace = milliseconds(500);
    make();
    stage.store.rows[key] = {Bytes("stored"), 1};
    stage.store.lender = std::make_shared<int>();
    stage.store.read_takes = milliseconds(20);
    for (const int ms : {0, 5, 900, 990, 1'100, 3'000}) {
        stage.at(ms, [&] { EXPECT_EQ(stage.read(key), "stored"); });
    }
    stage.at(5'000, [&] { EXPECT_EQ(stage.store.lender.use_count(), 1); });
    stage.play_until();
}

TEST_P(StrategyContract, AnAbsentKeyIsAbsent) {
    make();
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "absent"); });
    stage.play_until();
}

TEST_P(StrategyContract, AClientAloneSeesItsOwnWriteToAnUncachedKey) {
    make();
    stage.at(0, [&] {
        EXPECT_TRUE(stage.write(key, "mine"));
        EXPECT_EQ(stage.read(key), "mine");
    });
    stage.play_until();
}

TEST_P(StrategyContract, AfterDrainTheStoreHoldsEveryWriteAndNoDeletedRow) {
    make();
    stage.at(0, [&] {
        for (std::uint64_t i = 0; i < 20; ++i) EXPECT_TRUE(stage.write(Key{i}, "new"));
        EXPECT_TRUE(stage.erase(Key{3}));
    });
    stage.play_until();
    for (std::uint64_t i = 0; i < 20; ++i) {
        EXPECT_EQ(stage.stored(Key{i}), i == 3 ? "absent" : "new") << i;
    }
}

TEST_P(StrategyContract, ADeletedKeyIsAbsentToItsDeleterOnceNothingIsCached) {
    make();
    stage.at(0, [&] {
        stage.write(key, "mine");
        stage.cache.entries.clear();
        EXPECT_TRUE(stage.erase(key));
        EXPECT_EQ(stage.read(key), "absent");
    });
    stage.play_until();
}

TEST_P(StrategyContract, AReadThatTheStoreRefusesIsTroubleAndNotAbsence) {
    make();
    stage.store.fails_reads = true;
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "trouble"); });
    stage.play_until();
}

TEST_P(StrategyContract, ACacheThatIsDownCostsReadsNoErrors) {
    make();
    stage.store.rows[key] = {Bytes("stored"), 1};
    stage.cache.is_down = true;
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "stored"); });
    stage.play_until();
    EXPECT_EQ(stage.cached(key), "nothing");
}

TEST_P(StrategyContract, ADurableStrategyRefusesAWriteThatTheStoreRefuses) {
    make();
    if (!strategy().promise(stage.settings, {}).durable) return;
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.fails_writes = Trouble::failed;
    stage.at(0, [&] {
        EXPECT_FALSE(stage.write(key, "new"));
        EXPECT_EQ(stage.read(key), "old");
    });
    stage.play_until();
}

TEST_P(StrategyContract, AWriteOfUnknownOutcomeIsNeverCached) {
    make();
    if (!strategy().promise(stage.settings, {}).durable) return;
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.fails_writes = Trouble::unknown;
    stage.at(0, [&] { EXPECT_FALSE(stage.write(key, "new")); });
    stage.play_until();
    EXPECT_EQ(stage.cached(key), "nothing");
}

TEST_P(StrategyContract, AnExpiredEntryIsLoadedAnewInTheEnd) {
    make();
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.read_takes = milliseconds(5);
    stage.at(0, [&] { stage.read(key); });
    stage.at(500, [&] { stage.store.rows[key] = {Bytes("new"), 2}; });
    stage.at(1'100, [&] { stage.read(key); });
    stage.at(1'200, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play_until();
}

TEST_P(StrategyContract, ManyClientsOfOneKeyEndWithWhatTheStoreHolds) {
    make();
    stage.store.read_takes = milliseconds(3);
    stage.store.write_takes = milliseconds(2);
    for (int client = 0; client < 8; ++client) {
        for (int step = 0; step < 5; ++step) {
            stage.at(300 * step + client, [this, client] {
                if (client == 0) {
                    EXPECT_TRUE(stage.write(key, "new"));
                }
                EXPECT_NE(stage.read(key), "trouble");
            });
        }
    }
    // Long after every TTL and grace.
    stage.at(60'000, [&] { EXPECT_EQ(stage.read(key), "new"); });
    stage.play_until(70'000);
    EXPECT_EQ(stage.stored(key), "new");
}

INSTANTIATE_TEST_SUITE_P(Catalog, StrategyContract, testing::ValuesIn(protocols()),
                         [](const auto& protocol) {
                             return std::string(protocol.param.strategy->name) + "_" +
                                    std::string(protocol.param.shield->name);
                         });

}  // namespace
}  // namespace stalemark
