// SPDX-License-Identifier: Apache-2.0
// The steps that a watch hears of, and what its answers to deadlines bring about, for whole
// systems: every strategy, over the cache and the store that runs have.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "assembly/system.h"
#include "core/header.h"
#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "stores/memory_store.h"

namespace stalemark {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

constexpr Key key{3};

class Recording final : public StepWatch {
public:
    void at(const Step& step) override {
        steps.push_back(std::string(step.where) + " " + std::string(step.what));
        if (step.where == "cache") {
            EXPECT_EQ(step.key, key);
        }
    }
    bool is_over(Instant deadline, Timer /*timer*/) override {
        return answer.value_or(runtime->now() >= deadline);
    }

    std::vector<std::string> take() { return std::exchange(steps, {}); }

    std::vector<std::string> steps;
    std::optional<bool> answer;  // To every deadline; nothing: as the clock says.
    const Runtime* runtime = nullptr;
};

class Steps : public testing::Test {
protected:
    Steps() {
        system.strategy = &find_strategy("cache_aside");
        system.shield = &no_shield();
        system.cache = "lru";
        system.keys = 8;
        system.value_bytes = 100;
    }

    // Plays the story in a task, over a store that has the row.
    template <typename Story>
    void play(Story story) {
        watch.runtime = runtime.get();
        if (is_watched) runtime->watch(&watch);
        (void)store->put(key, sealed());
        Judges judges(system.keys, 0, 1);
        System whole(system, *runtime, *store, judges);
        TaskGroup tasks(*runtime);
        tasks.spawn("client", [&] {
            story(*whole.fleet().strategies().front());
            counts = whole.store().counts();
            whole.fleet().drain();
        });
        runtime->run();
    }

    static Bytes sealed() {
        return Bytes::make(100, [](std::span<char> to) { seal(key, Header{}, to); });
    }

    std::unique_ptr<VirtualRuntime> runtime = make_virtual_runtime();
    std::unique_ptr<Store> store = make_memory_store();
    Recording watch;
    bool is_watched = true;
    SystemSettings system;
    StoreCounts counts;
};

TEST_F(Steps, OfCacheAsideAreItsCallsOfCacheAndStore) {
    play([&](Strategy& strategy) {
        watch.take();
        (void)strategy.read(key);
        EXPECT_THAT(watch.take(), ElementsAre("cache get", "store get", "cache put"));
        (void)strategy.read(key);
        EXPECT_THAT(watch.take(), ElementsAre("cache get"));
        (void)strategy.write(key, sealed());
        EXPECT_THAT(watch.take(), ElementsAre("store put", "cache erase"));
        (void)strategy.write(key, std::nullopt);
        EXPECT_THAT(watch.take(), ElementsAre("store erase", "cache erase"));
    });
}

TEST_F(Steps, OfReadThroughAreItsLockToo) {
    system.strategy = &find_strategy("read_through");
    play([&](Strategy& strategy) {
        watch.take();
        (void)strategy.read(key);
        EXPECT_THAT(watch.take(), ElementsAre("cache get", "lock acquire", "cache get",
                                              "store get", "cache put", "lock release"));
    });
}

TEST_F(Steps, OfWriteBehindAreThoseOfItsQueue) {
    system.strategy = &find_strategy("write_behind");
    play([&](Strategy& strategy) {
        watch.take();
        (void)strategy.write(key, sealed());
        EXPECT_THAT(watch.take(), IsSupersetOf({"lock acquire", "write queue add", "cache put",
                                                "lock release"}));
        watch.take();
        (void)strategy.write(key, std::nullopt);
        (void)strategy.read(key);
        EXPECT_THAT(watch.take(), IsSupersetOf({"cache erase", "write queue find"}));
    });
    EXPECT_THAT(watch.take(),
                IsSupersetOf({"write queue take batch", "store write", "write queue retire"}));
}

TEST_F(Steps, OfTheLockAreThoseOfItsFlights) {
    system.shield = &find_shield("lock");
    play([&](Strategy& strategy) {
        watch.take();
        (void)strategy.read(key);
        EXPECT_THAT(watch.take(),
                    IsSupersetOf({"flight join", "flight leave", "flight land", "store get"}));
        (void)strategy.write(key, sealed());
        EXPECT_THAT(watch.take(), ElementsAre("store put", "flight forget", "cache erase"));
    });
}

TEST_F(Steps, OfEveryStrategyHaveEachReadAndWriteOfTheStore) {
    for (const StrategyEntry& entry : all_strategies()) {
        runtime = make_virtual_runtime();
        store = make_memory_store();
        system.strategy = &entry;
        system.settings.ttl_of = [](Key) { return std::chrono::seconds(1); };
        watch.take();
        std::uint64_t reads = 0;
        play([&](Strategy& strategy) {
            for (int i = 0; i < 20; ++i) {
                if (i % 3 == 0) (void)strategy.write(key, sealed());
                (void)strategy.read(key);
            }
            reads = static_cast<std::uint64_t>(std::ranges::count(watch.steps, "store get"));
        });
        EXPECT_EQ(reads, counts.reads) << entry.name;
        EXPECT_EQ(entry.traits.has_cache, std::ranges::count(watch.steps, "cache get") > 0)
            << entry.name;
    }
}

TEST_F(Steps, NothingIsToldWithoutAWatch) {
    is_watched = false;
    play([&](Strategy& strategy) { (void)strategy.read(key); });
    EXPECT_THAT(watch.steps, IsEmpty());
}

TEST_F(Steps, AFreshEntryHasExpiredIfTheWatchSaysSo) {
    system.settings.ttl_of = [](Key) { return std::chrono::hours(1); };
    play([&](Strategy& strategy) {
        (void)strategy.read(key);
        EXPECT_EQ(strategy.read(key)->outcome, Outcome::hit);
        watch.answer = true;
        EXPECT_EQ(strategy.read(key)->outcome, Outcome::miss);
    });
}

TEST_F(Steps, AnExpiredEntryAnswersIfTheWatchSaysSo) {
    system.settings.ttl_of = [](Key) { return std::chrono::milliseconds(1); };
    play([&](Strategy& strategy) {
        (void)strategy.read(key);
        runtime->sleep_for(std::chrono::seconds(1));
        watch.answer = false;
        EXPECT_EQ(strategy.read(key)->outcome, Outcome::hit);
        watch.answer.reset();
        EXPECT_EQ(strategy.read(key)->outcome, Outcome::miss);
    });
}

TEST_F(Steps, WhetherEarlyVolunteersIsForTheWatchToSay) {
    system.shield = &find_shield("early");
    system.settings.ttl_of = [](Key) { return std::chrono::hours(1); };
    system.store_wire.latency = Distribution(1'000'000);
    play([&](Strategy& strategy) {
        (void)strategy.read(key);
        EXPECT_EQ(strategy.read(key)->outcome, Outcome::hit);
        watch.answer = true;
        EXPECT_EQ(strategy.read(key)->outcome, Outcome::miss);
    });
}

TEST_F(Steps, WhetherARefreshIsDueIsForTheWatchToSay) {
    system.strategy = &find_strategy("refresh_ahead");
    system.settings.ttl_of = [](Key) { return std::chrono::hours(1); };
    play([&](Strategy& strategy) {
        (void)strategy.read(key);
        (void)strategy.read(key);
        EXPECT_EQ(strategy.reloads(), 0U);
        runtime->sleep_for(std::chrono::minutes(50));
        watch.take();
        watch.answer = false;
        (void)strategy.read(key);
        EXPECT_THAT(watch.steps, testing::Not(Contains("reloads begin")));
        watch.answer.reset();
        (void)strategy.read(key);
        EXPECT_THAT(watch.steps, Contains("reloads begin"));
    });
}

}  // namespace
}  // namespace stalemark
