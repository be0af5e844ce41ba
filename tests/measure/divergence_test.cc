// SPDX-License-Identifier: Apache-2.0
// The audit: each way for cache and store to differ, planted once.

#include "measure/divergence.h"

#include <gtest/gtest.h>

#include <map>

namespace stalemark {
namespace {

constexpr std::uint64_t keys = 8;
constexpr Key key{3};

class DivergenceTest : public testing::Test {
protected:
    Header begin(std::uint32_t session = 0) { return oracle.begin_write(key, session); }
    Header write() {
        const Header header = begin();
        oracle.acknowledge(key, header, false);
        return header;
    }
    void erase() {
        const Header header = begin();
        oracle.begin_delete(key, header);
        oracle.acknowledge(key, header, true);
    }

    Divergence audited() {
        return audit(
            oracle, keys,
            [&](const std::function<void(Key, const Seen&)>& see) {
                for (const auto& [at, cached] : cache) see(at, cached);
            },
            [&](Key at) { return store.contains(at) ? store.at(at) : Seen(Header{}); });
    }

    // The figures in the order of their declaration.
    static std::vector<std::uint64_t> figures(const Divergence& found) {
        return {found.resident, found.cache_stale, found.cache_ahead, found.cache_other,
                found.store_lost};
    }
    std::vector<std::uint64_t> audited_figures() { return figures(audited()); }

    Oracle oracle{keys, keys, 2};
    std::map<Key, Seen> cache;
    std::map<Key, Seen> store;  // What is not in it was never written.
};

using Figures = std::vector<std::uint64_t>;

TEST_F(DivergenceTest, AnEmptyCacheOverAnUntouchedStoreDivergesInNothing) {
    EXPECT_EQ(audited_figures(), (Figures{0, 0, 0, 0, 0}));
}

TEST_F(DivergenceTest, EqualCopiesDivergeInNothing) {
    cache[key] = store[key] = write();
    cache[Key{4}] = Header{};
    EXPECT_EQ(audited_figures(), (Figures{2, 0, 0, 0, 0}));
}

TEST_F(DivergenceTest, ACopyOlderThanAnAcknowledgedWriteIsStale) {
    cache[key] = write();
    store[key] = write();
    EXPECT_EQ(audited_figures(), (Figures{1, 1, 0, 0, 0}));
}

TEST_F(DivergenceTest, ACopyThatTheStoreHasNotReceivedIsAhead) {
    store[key] = write();
    cache[key] = write();
    EXPECT_EQ(audited_figures(), (Figures{1, 0, 1, 0, 1}));
}

TEST_F(DivergenceTest, ACopyOfAWriteThatTheStoreRefusedIsAheadAndNothingIsLost) {
    const Header refused = begin();
    oracle.refuse(key, refused, false);
    cache[key] = refused;
    EXPECT_EQ(audited_figures(), (Figures{1, 0, 1, 0, 0}));
}

TEST_F(DivergenceTest, TheTwoOfAConcurrentPairAreInNoProvableOrder) {
    const Header first = begin(0);
    const Header second = begin(1);
    oracle.acknowledge(key, first, false);
    oracle.acknowledge(key, second, false);
    cache[key] = first;
    store[key] = second;
    EXPECT_EQ(audited_figures(), (Figures{1, 0, 0, 1, 0}));
}

TEST_F(DivergenceTest, AStoreOlderThanAnAcknowledgedWriteHasLostIt) {
    write();
    EXPECT_EQ(audited_figures(), (Figures{0, 0, 0, 0, 1}));
}

TEST_F(DivergenceTest, ALostWriteMayBeStaleInTheCacheToo) {
    cache[key] = Header{};
    write();
    store[key] = Header{};
    // Equal copies do not diverge from each other; the store alone is to blame.
    EXPECT_EQ(audited_figures(), (Figures{1, 0, 0, 0, 1}));
}

TEST_F(DivergenceTest, ACopyOfADeletedRowIsStale) {
    cache[key] = write();
    erase();
    store[key] = std::nullopt;
    EXPECT_EQ(audited_figures(), (Figures{1, 1, 0, 0, 0}));
}

TEST_F(DivergenceTest, ARememberedAbsenceIsStaleOnceTheKeyWasWrittenAgain) {
    erase();
    cache[key] = std::nullopt;
    store[key] = write();
    EXPECT_EQ(audited_figures(), (Figures{1, 1, 0, 0, 0}));
}

TEST_F(DivergenceTest, ARememberedAbsenceOfADeletedRowDivergesInNothing) {
    erase();
    cache[key] = store[key] = std::nullopt;
    EXPECT_EQ(audited_figures(), (Figures{1, 0, 0, 0, 0}));
}

TEST_F(DivergenceTest, ARowThatIsGoneThoughNobodyDeletedItIsALoss) {
    write();
    store[key] = std::nullopt;
    EXPECT_EQ(audited_figures(), (Figures{0, 0, 0, 0, 1}));
}

TEST_F(DivergenceTest, ARowThatSurvivedItsDeleteIsALoss) {
    store[key] = write();
    erase();
    EXPECT_EQ(audited_figures(), (Figures{0, 0, 0, 0, 1}));
}

TEST_F(DivergenceTest, AWriteOfUnknownOutcomeProvesNothing) {
    const Header open = begin();
    oracle.leave_open(key, open, false);
    cache[key] = open;
    store[key] = write();
    EXPECT_EQ(audited_figures(), (Figures{1, 0, 0, 1, 0}));
}

}  // namespace
}  // namespace stalemark
