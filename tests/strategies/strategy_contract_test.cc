// What every strategy in the catalogue must do, whatever its idea.

#include <gtest/gtest.h>

#include "strategies/stage.h"

namespace stalemark {
namespace {

constexpr Key key{7};

class StrategyContract : public testing::TestWithParam<StrategyEntry> {
protected:
    void make() {
        stage.settings.ttl_of = [](Key) { return milliseconds(1'000); };
        const std::string_view takes = GetParam().invalidate;
        if (takes.starts_with("none")) stage.settings.invalidate = Invalidate::none;
        if (takes.starts_with("set")) stage.settings.invalidate = Invalidate::set;
        stage.make(GetParam().name);
    }

    Stage stage;
};

TEST_P(StrategyContract, AnUncachedKeyIsReadFromTheStore) {
    make();
    stage.store.rows[key] = {Bytes("stored"), 1};
    stage.at(0, [&] { EXPECT_EQ(stage.read(key), "stored"); });
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
    if (!GetParam().promise(stage.settings, Duration::max()).durable) return;
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
    if (!GetParam().promise(stage.settings, Duration::max()).durable) return;
    stage.store.rows[key] = {Bytes("old"), 1};
    stage.store.fails_writes = Trouble::unknown;
    stage.at(0, [&] { EXPECT_FALSE(stage.write(key, "new")); });
    stage.play_until();
    EXPECT_EQ(stage.cached(key), "nothing");
}

INSTANTIATE_TEST_SUITE_P(Catalog, StrategyContract, testing::ValuesIn(all_strategies()),
                         [](const auto& entry) { return std::string(entry.param.name); });

}  // namespace
}  // namespace stalemark
