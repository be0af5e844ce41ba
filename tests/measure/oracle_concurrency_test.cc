// SPDX-License-Identifier: Apache-2.0
// The judge in the thick of it: eight threads on a few hot keys of racy caches, and every
// verdict compared with one that is computed afterwards from full logs.
//
// A tick of one counter orders all events. Each operation has two intervals: the call alone,
// and the call with the oracle's part around it. A read that the oracle calls stale must be
// stale by the calls alone: there are no false positives. One that is stale even by the wider
// intervals must have been called so: what the oracle may miss lies between the drawing of a
// stamp and its publication, and nowhere else.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "measure/oracle.h"
#include "measure/racy_caches.h"

namespace stalemark {
namespace {

constexpr std::uint32_t sessions = 8;  // A thread each.
constexpr std::uint64_t keys = 6;
constexpr std::uint64_t preloaded = 3;
constexpr int operations = 20'000;  // Of each thread.

using Tick = std::uint64_t;
constexpr Tick open_end = std::numeric_limits<Tick>::max();

struct Span {
    Tick began = 0;
    Tick ended = open_end;  // Never acknowledged.
};

struct WriteLog {
    Key key;
    Header header;
    bool is_delete;
    bool is_refused = false;
    Span call, whole;
};

struct ReadLog {
    Key key;
    Seen seen;
    bool is_called_stale;
    Span call, whole;
};

// One thread's part.
class Player {
public:
    Player(Oracle& oracle, RacyCache& cache, std::atomic<Tick>& clock, std::uint32_t session)
        : oracle_(oracle),
          cache_(cache),
          clock_(clock),
          session_(session),
          random_(Random::named(1, "player", session)) {}

    void play() {
        for (int i = 0; i < operations; ++i) {
            const Key key{random_.below(keys)};
            const std::uint64_t die = random_.below(100);
            if (die < 80) {
                read(key);
            } else {
                write(key, die < 84);
            }
        }
    }

    const std::vector<WriteLog>& writes() const { return writes_; }
    const std::vector<ReadLog>& reads() const { return reads_; }

private:
    Tick tick() { return ++clock_; }

    void read(Key key) {
        ReadLog log{.key = key};
        log.whole.began = tick();
        const Oracle::Stamp entitlement = oracle_.entitlement(key);
        log.call.began = tick();
        log.seen = cache_.read(key, random_);
        log.call.ended = tick();
        log.is_called_stale = oracle_.is_older(key, log.seen, entitlement);
        log.whole.ended = tick();
        reads_.push_back(log);
    }

    void write(Key key, bool is_delete) {
        WriteLog log{.key = key, .is_delete = is_delete};
        log.whole.began = tick();
        log.header = oracle_.begin_write(key, session_);
        if (is_delete) oracle_.begin_delete(key, log.header);
        const std::uint64_t die = random_.below(100);
        if (die == 0) {
            oracle_.refuse(key, log.header, is_delete);
            // Nobody can have seen it; but while it was under way, an absence may have been
            // its doing for all that could be known.
            log.is_refused = true;
            log.whole.ended = tick();
            if (is_delete) writes_.push_back(log);
            return;
        }
        const Seen seen = is_delete ? std::nullopt : Seen(log.header);
        log.call.began = tick();
        cache_.write(key, seen, random_);
        if (die == 1) {
            oracle_.leave_open(key, log.header, is_delete);
        } else {
            log.call.ended = tick();
            oracle_.acknowledge(key, log.header, is_delete);
            log.whole.ended = tick();
        }
        writes_.push_back(log);
    }

    Oracle& oracle_;
    RacyCache& cache_;
    std::atomic<Tick>& clock_;
    const std::uint32_t session_;
    Random random_;
    std::vector<WriteLog> writes_;
    std::vector<ReadLog> reads_;
};

// What is known afterwards of one key, by one of the two intervals.
class Hindsight {
public:
    void add(const WriteLog& write, const Span& span) {
        if (write.is_refused) {
            deletes_.push_back({span.began, span.ended});
            return;
        }
        if (span.ended != open_end) acknowledged_.push_back({span.ended, span.began});
        if (write.is_delete) {
            deletes_.push_back({span.began, span.ended});
        } else {
            ended_[number_of(write.header)] = span.ended;
        }
    }

    void settle() {
        accumulate(acknowledged_);
        accumulate(deletes_);
    }

    // Whether some write, ended before the read began, began after all ended that the read can
    // have seen.
    bool is_stale(const Seen& seen, const Span& read) const {
        return most_before(acknowledged_, read.began) > last_end(seen, read);
    }

private:
    struct Step {
        Tick at;
        Tick most;  // Of the other tick, so far.
    };

    static std::uint64_t number_of(const Header& header) {
        return (std::uint64_t{header.session} << 32) | header.sequence;
    }

    static void accumulate(std::vector<Step>& steps) {
        std::ranges::sort(steps, {}, &Step::at);
        Tick most = 0;
        for (Step& step : steps) step.most = most = std::max(most, step.most);
    }

    static Tick most_before(const std::vector<Step>& steps, Tick at) {
        const auto after = std::ranges::lower_bound(steps, at, {}, &Step::at);
        return after == steps.begin() ? 0 : std::prev(after)->most;
    }

    // An absence may come from any delete that began before the read ended; what was there at
    // the start ended before every tick.
    Tick last_end(const Seen& seen, const Span& read) const {
        if (!seen) return most_before(deletes_, read.ended);
        return seen->session == Header::preloaded ? 0 : ended_.at(number_of(*seen));
    }

    std::unordered_map<std::uint64_t, Tick> ended_;
    std::vector<Step> acknowledged_;  // By end; the beginnings so far.
    std::vector<Step> deletes_;       // By beginning; the ends so far.
};

struct Verdicts {
    int called_stale = 0;
    int absences_called_stale = 0;
    int false_positives = 0;
    int missed = 0;
    int stale_by_calls = 0;
};

Verdicts compare(const std::vector<Player>& players) {
    std::vector<Hindsight> by_call(keys);
    std::vector<Hindsight> by_whole(keys);
    for (const Player& player : players) {
        for (const WriteLog& write : player.writes()) {
            if (!write.is_refused) by_call[index_of(write.key)].add(write, write.call);
            by_whole[index_of(write.key)].add(write, write.whole);
        }
    }
    for (auto* side : {&by_call, &by_whole}) {
        for (Hindsight& key : *side) key.settle();
    }
    Verdicts verdicts;
    for (const Player& player : players) {
        for (const ReadLog& read : player.reads()) {
            const bool by_calls = by_call[index_of(read.key)].is_stale(read.seen, read.call);
            const bool by_wholes = by_whole[index_of(read.key)].is_stale(read.seen, read.whole);
            verdicts.called_stale += read.is_called_stale;
            verdicts.absences_called_stale += read.is_called_stale && !read.seen;
            verdicts.stale_by_calls += by_calls;
            verdicts.false_positives += read.is_called_stale && !by_calls;
            verdicts.missed += by_wholes && !read.is_called_stale;
        }
    }
    return verdicts;
}

Verdicts play(Race race) {
    Oracle oracle(keys, preloaded, sessions);
    RacyCache cache(race, keys);
    for (std::uint64_t key = 0; key < preloaded; ++key) cache.store(Key{key}, Header{});
    std::atomic<Tick> clock = 0;
    std::vector<Player> players;
    for (std::uint32_t i = 0; i < sessions; ++i) players.emplace_back(oracle, cache, clock, i);
    std::vector<std::thread> threads;
    for (Player& player : players) threads.emplace_back([&] { player.play(); });
    for (std::thread& thread : threads) thread.join();
    return compare(players);
}

struct Case {
    std::string name;
    Race race;
};

class OracleInTheThick : public testing::TestWithParam<Case> {};

TEST_P(OracleInTheThick, CallsNoReadStaleThatIsNotAndMissesNoneThatIsBeyondDoubt) {
    const Verdicts verdicts = play(GetParam().race);
    RecordProperty("called_stale", verdicts.called_stale);
    RecordProperty("stale_by_calls", verdicts.stale_by_calls);
    EXPECT_EQ(verdicts.false_positives, 0);
    EXPECT_EQ(verdicts.missed, 0);
    EXPECT_LE(verdicts.called_stale, verdicts.stale_by_calls);
    EXPECT_GT(verdicts.called_stale, 0) << "the races did not happen: nothing was tested";
    if (GetParam().race == Race::no_invalidation) {
        EXPECT_GT(verdicts.absences_called_stale, 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Races, OracleInTheThick,
                         testing::Values(Case{"cache_aside", Race::cache_aside},
                                         Case{"write_through", Race::write_through},
                                         Case{"no_invalidation", Race::no_invalidation}),
                         [](const auto& its) { return its.param.name; });

}  // namespace
}  // namespace stalemark
