// SPDX-License-Identifier: Apache-2.0
// Ages and version lags against a history that forgets nothing, over long runs of many writers.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/random.h"
#include "measure/acknowledgements.h"

namespace stalemark {
namespace {

using namespace std::chrono_literals;

// The writes of one key, of several writers, and all of its acknowledgements.
class History {
public:
    History(Acknowledgements& log, Key key, std::size_t writers, std::uint64_t seed)
        : log_(log), key_(key), open_(writers), random_(seed) {}

    // A random writer begins its next write, or ends the one under way, at `now`.
    void step(Instant now) {
        std::uint32_t& invocation = open_[random_.below(open_.size())];
        if (invocation == 0) {
            invocation = next_stamp_++;
            return;
        }
        log_.add(key_, invocation, now);
        newest_ = std::max(newest_, invocation);
        done_.push_back({invocation, next_stamp_++, now});
        invocation = 0;
    }

    struct Truth {
        Duration age;
        std::uint64_t missed;
        std::uint32_t seen;
    };

    std::size_t size() const { return done_.size(); }
    std::uint32_t newest() const { return newest_; }

    // What a read at `now` has missed that returns what was acknowledged as the `number`th.
    Truth truth(std::size_t number, Instant now) const {
        Truth truth{Duration{0}, 0, done_[number].acknowledged};
        for (const Done& other : done_) {
            if (other.invoked < truth.seen) continue;
            truth.age = std::max(truth.age, now - other.when);
            ++truth.missed;
        }
        return truth;
    }

    Acknowledgements::Staleness told(const Truth& truth, Instant now) const {
        return log_.staleness_of(key_, truth.seen, newest_, now);
    }

private:
    struct Done {
        std::uint32_t invoked, acknowledged;
        Instant when;
    };

    Acknowledgements& log_;
    const Key key_;
    std::vector<std::uint32_t> open_;  // Invocation of each writer's write under way; 0: none.
    std::uint32_t next_stamp_ = 2;
    std::uint32_t newest_ = 0;
    std::vector<Done> done_;
    Random random_;
};

// Compares reads of now and then, of values from the newest to the oldest, each some times
// older than the last.
void expect_near(const History& history, Instant now, bool is_all_known = true) {
    for (double back = 2; back < static_cast<double>(history.size()); back *= 1.3) {
        const auto truth =
            history.truth(history.size() - static_cast<std::size_t>(std::floor(back)), now);
        if (truth.missed == 0) continue;  // Not stale.
        const auto told = history.told(truth, now);
        ASSERT_LE(told.age, truth.age);
        ASSERT_LE(told.missed, truth.missed);
        if (is_all_known) {
            ASSERT_TRUE(told.is_known) << truth.age.count();
        }
        if (!told.is_known) continue;
        ASSERT_LE((truth.age - told.age) * 100, told.age) << truth.age.count();
        ASSERT_LE((truth.missed - told.missed) * 100, told.missed) << truth.missed;
    }
}

struct Pace {
    const char* name;
    std::size_t writers;
    Duration gap;   // Between two steps, on average.
    double bursts;  // Share of the gaps that are a thousand times as long.
};

class EveryPace : public testing::TestWithParam<Pace> {};

TEST_P(EveryPace, AgesAndLagsAreRightWithinOnePercentAndLogsStaySmall) {
    const Pace& pace = GetParam();
    Acknowledgements log(1);
    const std::uint64_t empty = log.bytes();
    History history(log, Key{0}, pace.writers, 7);
    Random random(3);
    Instant now{0};
    for (int step = 1; step <= 200'000; ++step) {
        const double times =
            -std::log(1 - random.unit()) * (random.unit() < pace.bursts ? 1'000 : 1);
        now +=
            Duration(static_cast<Duration::rep>(times * static_cast<double>(pace.gap.count())));
        history.step(now);
        if (step % 9'973 == 0) expect_near(history, now + pace.gap * (step % 7));
    }
    expect_near(history, now + pace.gap);
    EXPECT_LE(log.bytes() - empty, 64U << 10);
}

INSTANTIATE_TEST_SUITE_P(Paces, EveryPace,
                         testing::Values(Pace{"one_fast", 1, 10us, 0},
                                         Pace{"one_slow", 1, 300ms, 0}, Pace{"two", 2, 1ms, 0},
                                         Pace{"many", 50, 100us, 0},
                                         Pace{"bursts", 8, 1ms, 0.001}),
                         [](const auto& pace) { return std::string(pace.param.name); });

// As long as no neighbours are left out, whoever overtakes whom.
TEST(AcknowledgementHistory, ShortLogsAreExact) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Acknowledgements log(1);
        History history(log, Key{0}, 1 + seed * 3, seed);
        Instant now{0};
        for (int step = 0; step < 120; ++step) history.step(now += 1ms);
        for (std::size_t i = 0; i < history.size(); ++i) {
            const auto truth = history.truth(i, now);
            if (truth.missed == 0) continue;
            const auto told = history.told(truth, now);
            ASSERT_TRUE(told.is_known);
            ASSERT_EQ(told.age, truth.age);
            ASSERT_EQ(told.missed, truth.missed);
        }
    }
}

TEST(AcknowledgementHistory, BeyondTheBudgetTheOldestAreForgottenAndAgesAreAtLeastSoMuch) {
    constexpr std::uint64_t budget = 256 << 10;
    constexpr std::uint64_t keys = 1'000;
    Acknowledgements log(keys, budget);
    const std::uint64_t empty = log.bytes();
    std::vector<History> histories;
    for (std::uint64_t key = 0; key < keys; ++key)
        histories.emplace_back(log, Key{key}, 2, key);
    Random random(5);
    Instant now{0};
    for (int step = 0; step < 200'000; ++step) {
        histories[random.below(keys)].step(now += 1ms);
        // What a log takes at most when it grows comes before the oldest are forgotten.
        ASSERT_LE(log.bytes() - empty, budget + (64U << 10)) << step;
    }
    int known = 0;
    int unknown = 0;
    for (const History& history : histories) {
        expect_near(history, now, false);
        if (history.size() < 2) continue;
        for (const std::size_t back : {std::size_t{2}, history.size()}) {
            const auto truth = history.truth(history.size() - back, now);
            if (truth.missed == 0) continue;
            const auto told = history.told(truth, now);
            ++(told.is_known ? known : unknown);
            // What lies so little back is within the budget: some 4,000 entries of 200,000.
            if (truth.age < 1s) {
                EXPECT_TRUE(told.is_known) << truth.age.count();
            }
            if (truth.age > 50s) {
                EXPECT_FALSE(told.is_known);
            }
            if (!told.is_known) {
                EXPECT_GT(told.age, 1s);
            }
        }
    }
    EXPECT_GT(known, 100);
    EXPECT_GT(unknown, 100);
}

// A read that began long ago is judged after its neighbours were left out. What is said of its
// age must not be more than the truth: a bound would be called broken that was kept.
TEST(AcknowledgementHistory, OfAReadThatIsJudgedLateNoMoreThanItsAgeIsClaimed) {
    constexpr std::uint32_t writes = 200'000;
    Acknowledgements log(1);
    const auto invoked = [](std::uint32_t write) { return 10 * write; };
    const auto acknowledged = [](std::uint32_t write) { return write * Instant(1ms); };
    for (std::uint32_t write = 1; write <= writes; ++write)
        log.add(Key{0}, invoked(write), acknowledged(write));
    Random random(3);
    std::uint64_t left_out = 0;
    for (int i = 0; i < 5'000; ++i) {
        const auto seen = static_cast<std::uint32_t>(1 + random.below(writes - 10));
        const auto newest = static_cast<std::uint32_t>(seen + 1 + random.below(9));
        const auto told =
            log.staleness_of(Key{0}, invoked(seen) + 5, invoked(newest), acknowledged(newest));
        const Duration age = acknowledged(newest) - acknowledged(seen + 1);
        EXPECT_LE(told.age, age);
        EXPECT_GE(told.missed, 1U);
        if (told.is_known) {
            EXPECT_EQ(told.age, age);
        }
        left_out += told.is_known ? 0U : 1U;
    }
    EXPECT_GT(left_out, 1'000U) << "nothing was left out that was asked for";
}

// Eight keys of very different popularity, whatever their numbers.
TEST(AcknowledgementHistory, NumbersOfKeysChangeNothing) {
    constexpr std::uint64_t keys = 100'000;
    std::vector<std::vector<std::int64_t>> ages;
    for (const std::uint64_t stride : {1U, 64U, 12'497U}) {
        Acknowledgements log(keys);
        std::vector<History> histories;
        for (std::uint64_t i = 0; i < 8; ++i)
            histories.emplace_back(log, Key{i * stride + 3}, 3, i);
        Random random(2);
        Instant now{0};
        for (int step = 0; step < 50'000; ++step) {
            const auto which = static_cast<std::size_t>(8 * random.unit() * random.unit());
            histories[which].step(now += 1ms);
        }
        std::vector<std::int64_t>& told = ages.emplace_back();
        for (const History& history : histories) {
            for (std::size_t i = 0; i < history.size(); i += 97)
                told.push_back(history.told(history.truth(i, now), now).age.count());
        }
    }
    EXPECT_GT(ages[0].size(), 100U);
    EXPECT_EQ(ages[0], ages[1]);
    EXPECT_EQ(ages[0], ages[2]);
}

}  // namespace
}  // namespace stalemark
