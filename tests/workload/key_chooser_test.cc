// SPDX-License-Identifier: Apache-2.0
#include "workload/key_chooser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "workload/chi_square.h"

namespace stalemark {
namespace {

using Kind = Popularity::Kind;

KeyChooser chooser_of(const Popularity& popularity, std::uint64_t keys, std::uint32_t client,
                      std::uint32_t clients) {
    return make_key_chooser(popularity, keys, make_ranks(popularity, keys), client, clients);
}

Key next(KeyChooser& chooser, Random& random, bool writes = false) {
    return std::visit([&](auto& keys) { return keys.next(random, writes); }, chooser);
}

std::vector<std::size_t> draw(KeyChooser chooser, int draws, bool writes = false) {
    Random random(11);
    std::vector<std::size_t> drawn;
    for (int i = 0; i < draws; ++i) drawn.push_back(index_of(next(chooser, random, writes)));
    return drawn;
}

std::vector<std::uint64_t> counts_of(const std::vector<std::size_t>& drawn, std::size_t keys) {
    std::vector<std::uint64_t> counts(keys, 0);
    for (const std::size_t key : drawn) ++counts.at(key);
    return counts;
}

TEST(Permutation, HitsEveryNumberOnce) {
    for (const std::uint64_t n : std::initializer_list<std::uint64_t>{
             1, 2, 3, 4, 5, 7, 8, 9, 100, 1'000, 65'535, 65'536, 65'537, 300'000}) {
        const Permutation scatter(n);
        std::vector<bool> hit(n, false);
        for (std::uint64_t i = 0; i < n; ++i) {
            const std::uint64_t to = scatter(i);
            ASSERT_LT(to, n);
            ASSERT_FALSE(hit[to]) << n;
            hit[to] = true;
        }
    }
}

TEST(Permutation, LeavesNoNeighboursTogether) {
    const Permutation scatter(100'000);
    std::uint64_t near = 0;
    for (std::uint64_t i = 0; i + 1 < 1'000; ++i) {
        const auto one = static_cast<std::int64_t>(scatter(i));
        const auto other = static_cast<std::int64_t>(scatter(i + 1));
        if (std::abs(one - other) < 1'000) ++near;
    }
    EXPECT_LT(near, 60U) << "20 are expected of a random order";
}

TEST(UniformKeys, AreAllAlike) {
    const auto drawn = draw(chooser_of({.kind = Kind::uniform}, 500, 0, 1), 100'000);
    EXPECT_LT(std::abs(deviation(counts_of(drawn, 500), std::vector<double>(500, 1.0 / 500))),
              4);
}

TEST(ZipfianKeys, BeginWithTheMostPopular) {
    const auto counts = counts_of(
        draw(chooser_of({.kind = Kind::zipfian, .theta = 1}, 100, 0, 1), 100'000), 100);
    EXPECT_NEAR(static_cast<double>(counts[0]) / static_cast<double>(counts[1]), 2, 0.1);
    EXPECT_NEAR(static_cast<double>(counts[0]) / static_cast<double>(counts[9]), 10, 0.6);
}

TEST(ScrambledKeys, AreTheZipfianOnesScattered) {
    const Popularity plain{.kind = Kind::zipfian, .theta = 0.99};
    const Popularity scattered{.kind = Kind::scrambled, .theta = 0.99};
    const auto ranks = draw(chooser_of(plain, 1'000, 0, 1), 10'000);
    const auto keys = draw(chooser_of(scattered, 1'000, 0, 1), 10'000);
    const Permutation scatter(1'000);
    for (std::size_t i = 0; i < ranks.size(); ++i) ASSERT_EQ(keys[i], scatter(ranks[i]));
    EXPECT_NE(ranks, keys);
}

TEST(LatestKeys, AreWrittenByTheClientsInTurns) {
    const Popularity latest{.kind = Kind::latest};
    EXPECT_THAT(draw(chooser_of(latest, 10, 0, 3), 5, true),
                testing::ElementsAre(0, 3, 6, 9, 2));
    EXPECT_THAT(draw(chooser_of(latest, 10, 2, 3), 5, true),
                testing::ElementsAre(2, 5, 8, 1, 4));
}

TEST(LatestKeys, AreReadTheMoreTheNewerTheyAre) {
    auto chooser = chooser_of({.kind = Kind::latest, .theta = 1}, 1'000, 1, 4);
    Random random(2);
    for (int i = 0; i < 75; ++i) next(chooser, random, true);
    std::vector<std::uint64_t> counts(1'000, 0);
    for (int i = 0; i < 50'000; ++i) ++counts.at(index_of(next(chooser, random)));
    // The clients have written 300 keys by now; the newest is number 299.
    EXPECT_EQ(std::ranges::max_element(counts) - counts.begin(), 299);
    EXPECT_NEAR(static_cast<double>(counts[299]) / static_cast<double>(counts[298]), 2, 0.1);
    EXPECT_GT(counts[298], counts[290]);
    EXPECT_LT(counts[300], 50U) << "the oldest of all";
}

TEST(HotSetKeys, GetTheShareThatWasAskedFor) {
    const Popularity hot{.kind = Kind::hot_set, .hot_keys = 0.1, .hot_operations = 0.7};
    const auto counts = counts_of(draw(chooser_of(hot, 1'000, 0, 1), 200'000), 1'000);
    std::vector<double> shares(1'000, 0.3 / 900);
    std::fill_n(shares.begin(), 100, 0.7 / 100);
    EXPECT_LT(std::abs(deviation(counts, shares)), 4);
}

TEST(HotSetKeys, MayBeAllOrJustOne) {
    const Popularity all{.kind = Kind::hot_set, .hot_keys = 1, .hot_operations = 0.1};
    const auto drawn = draw(chooser_of(all, 50, 0, 1), 50'000);
    EXPECT_LT(std::abs(deviation(counts_of(drawn, 50), std::vector<double>(50, 0.02))), 4);
    const Popularity one{.kind = Kind::hot_set, .hot_keys = 0, .hot_operations = 1};
    EXPECT_THAT(draw(chooser_of(one, 50, 0, 1), 100), testing::Each(0U));
}

TEST(DriftingHotSetKeys, MoveOnWithTheOperationsOfAllClients) {
    const Popularity drifting{.kind = Kind::drifting_hot_set,
                              .hot_keys = 0.1,
                              .hot_operations = 1,
                              .drift_every = 100,
                              .drift_by = 0.2};
    const auto drawn = draw(chooser_of(drifting, 1'000, 0, 4), 25 * 6);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        const std::size_t first = i / 25 * 200 % 1'000;  // 25 of this client are 100 of all.
        ASSERT_GE(drawn[i], first) << i;
        ASSERT_LT(drawn[i], first + 100) << i;
    }
}

TEST(DriftingHotSetKeys, MayTakeSeveralStepsAtOnceAndGoRoundTheRing) {
    const Popularity drifting{.kind = Kind::drifting_hot_set,
                              .hot_keys = 0.01,
                              .hot_operations = 1,
                              .drift_every = 2,
                              .drift_by = 0.25};
    EXPECT_THAT(draw(chooser_of(drifting, 100, 0, 6), 5),
                testing::ElementsAre(0, 75, 50, 25, 0));
}

TEST(SequentialKeys, AreDealtOutInPartsThatTheirClientsGoRound) {
    const Popularity sequential{.kind = Kind::sequential};
    EXPECT_THAT(draw(chooser_of(sequential, 10, 0, 3), 5), testing::ElementsAre(0, 1, 2, 0, 1));
    EXPECT_THAT(draw(chooser_of(sequential, 10, 2, 3), 5), testing::ElementsAre(6, 7, 8, 9, 6));
}

TEST(SequentialKeys, AreSharedIfThereAreMoreClients) {
    for (std::uint32_t client = 0; client < 5; ++client) {
        const auto chooser = chooser_of({.kind = Kind::sequential}, 2, client, 5);
        EXPECT_THAT(draw(chooser, 10), testing::Each(testing::Lt(2U)));
    }
}

TEST(EveryKeyChooser, StaysWithinTheKeys) {
    for (const Kind kind : {Kind::uniform, Kind::zipfian, Kind::scrambled, Kind::latest,
                            Kind::hot_set, Kind::drifting_hot_set, Kind::sequential}) {
        for (const std::uint64_t keys : {1U, 2U, 3U, 17U}) {
            for (const std::uint32_t clients : {1U, 2U, 40U}) {
                for (const bool writes : {false, true}) {
                    const auto chooser = chooser_of({.kind = kind, .drift_every = 3}, keys,
                                                    clients - 1, clients);
                    EXPECT_THAT(draw(chooser, 200, writes), testing::Each(testing::Lt(keys)));
                }
            }
        }
    }
}

}  // namespace
}  // namespace stalemark
