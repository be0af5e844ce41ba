// SPDX-License-Identifier: Apache-2.0
// Histories that are long enough for versions to be dropped on the way, against the judge that
// drops none, and how much is kept.

#include <gtest/gtest.h>

#include "core/random.h"
#include "history/history_checker.h"
#include "history/order.h"
#include "history/register_check.h"

namespace stalemark {
namespace {

const Name initial = Name::of_integer(0);

struct Shape {
    std::size_t operations = 100;
    std::uint32_t clients = 4;
    std::uint64_t writes_percent = 30;
    std::uint64_t wrong_every = 0;  // So many reads, one is of an older version; 0: none.
};

// Clients one operation at a time each; every operation takes effect within its interval.
std::vector<HistoryOperation> draw(const Shape& shape, Random& random) {
    struct Point {
        HistoryTime at;
        std::size_t operation;
    };
    std::vector<HistoryTime> free(shape.clients, 0);
    std::vector<HistoryOperation> history;
    std::vector<Point> points;
    const auto below = [&](std::uint64_t most) {
        return static_cast<HistoryTime>(random.below(most));
    };
    for (std::size_t i = 0; i < shape.operations; ++i) {
        const auto client = static_cast<std::uint32_t>(i % shape.clients);
        const HistoryTime began = free[client] + 1 + below(50);
        const HistoryTime at = began + below(200);
        const bool is_write = random.below(100) < shape.writes_percent;
        history.push_back({.began = began,
                           .ended = at + below(200),
                           .line = static_cast<std::uint32_t>(i + 1),
                           .client = client,
                           .action = is_write ? HistoryAction::write : HistoryAction::read});
        free[client] = history.back().ended;
        points.push_back({at, i});
    }
    std::ranges::sort(points, {}, &Point::at);
    std::int64_t version = 0;
    for (const Point& point : points) {
        HistoryOperation& operation = history[point.operation];
        if (!operation.is_read()) ++version;
        const bool is_wrong = operation.is_read() && shape.wrong_every > 0 && version > 5 &&
                              random.below(shape.wrong_every) == 0;
        operation.version = Name::of_integer(
            is_wrong ? version - 1 - static_cast<std::int64_t>(random.below(5)) : version);
    }
    std::ranges::sort(history, comes_before);
    return history;
}

TEST(LongHistories, AreJudgedAsWithoutDroppingAnything) {
    Random random(5);
    std::uint64_t bad = 0;
    for (int i = 0; i < 3'000; ++i) {
        const auto history = draw({.operations = 20 + random.below(200),
                                   .clients = static_cast<std::uint32_t>(1 + random.below(6)),
                                   .writes_percent = 10 + 5 * random.below(8),
                                   .wrong_every = random.below(3) == 0 ? 0U : 4U},
                                  random);
        const Findings findings = check_register(history, initial);
        const bool is_linearizable = spans_of_register(history, initial).gamma == 0;
        ASSERT_EQ(findings.verdict() == HistoryVerdict::ok, is_linearizable) << i;
        bad += !is_linearizable;
    }
    EXPECT_GT(bad, 1'000U);
    EXPECT_LT(bad, 2'500U);
}

TEST(LongHistories, NeedMemoryForWhatIsUnderWayAndWhatIsRemembered) {
    Random random(6);
    const auto bytes_after = [&](std::size_t operations) {
        const auto history = draw({.operations = operations, .clients = 16}, random);
        HistoryChecker checker({.window = 64, .remembered = 64});
        checker.keys().number_of(Name::of_integer(1));
        for (std::uint32_t i = 0; i < 16; ++i) checker.clients().number_of(Name::of_integer(i));
        checker.set_initial(initial);
        for (const HistoryOperation& operation : history) checker.add(operation);
        checker.finish();
        EXPECT_EQ(checker.findings().verdict(), HistoryVerdict::ok);
        return checker.memory_bytes();
    };
    EXPECT_LE(bytes_after(200'000), bytes_after(2'000) + 20'000);
}

TEST(LongHistories, WithKeysAmongEachOtherAreJudgedKeyByKey) {
    Random random(7);
    constexpr std::uint32_t keys = 5;
    std::vector<HistoryOperation> all;
    std::uint64_t anomalies = 0;
    for (std::uint32_t key = 0; key < keys; ++key) {
        auto history =
            draw({.operations = 500, .wrong_every = key % 2 == 0 ? 0U : 10U}, random);
        for (HistoryOperation& operation : history) operation.key = key;
        anomalies += check_register(history, initial).linearizability_anomalies();
        all.insert(all.end(), history.begin(), history.end());
    }
    HistoryChecker checker({.window = 0});
    for (std::uint32_t key = 0; key < keys; ++key)
        checker.keys().number_of(Name::of_integer(key));
    for (std::uint32_t i = 0; i < 4; ++i) checker.clients().number_of(Name::of_integer(i));
    checker.set_initial(initial);
    for (const HistoryOperation& operation : all) checker.add(operation);
    checker.finish();
    EXPECT_GT(anomalies, 20U);
    EXPECT_EQ(checker.findings().linearizability_anomalies(), anomalies);
}

}  // namespace
}  // namespace stalemark
