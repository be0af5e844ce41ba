// SPDX-License-Identifier: Apache-2.0
// Delay and capacity of a path, in virtual time.

#include "wire/wire.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"
#include "wire/disturbance.h"
#include "wire/latencies.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;
using Instants = std::vector<Instant>;
using Durations = std::vector<Duration>;

class WireTest : public testing::Test {
protected:
    // Settings must be in place before the first call.
    Wire& wire() {
        if (!wire_) {
            wire_ =
                std::make_unique<Wire>(*runtime, settings, "wire", 1,
                                       [this](Duration waited) { queued.push_back(waited); });
        }
        return *wire_;
    }

    // Sends a call at this millisecond; notes when it reached the far end and when it was
    // answered.
    void call_at(int ms, int number = 0) {
        tasks.spawn("caller", [this, ms, number] {
            runtime->sleep_until(milliseconds(ms));
            const int answer = wire().carry([&] {
                arrived.push_back(runtime->now());
                return number;
            });
            EXPECT_EQ(answer, number);
            answered.push_back(runtime->now());
            order.push_back(number);
        });
    }

    std::unique_ptr<Runtime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    WireSettings settings;
    Instants arrived, answered;
    std::vector<int> order;
    Durations queued;

private:
    std::unique_ptr<Wire> wire_;
};

// The delays of twenty calls one after another.
Durations delays(const WireSettings& settings, std::string_view name, std::uint64_t seed) {
    Durations taken;
    const auto runtime = make_virtual_runtime();
    TaskGroup tasks(*runtime);
    Wire wire(*runtime, settings, name, seed);
    tasks.spawn("caller", [&] {
        for (int i = 0; i < 20; ++i) {
            const Instant sent = runtime->now();
            wire.carry([] { return 0; });
            taken.push_back(runtime->now() - sent);
        }
    });
    runtime->run();
    return taken;
}

TEST_F(WireTest, ABareOneTakesNoTime) {
    call_at(5);
    runtime->run();
    EXPECT_EQ(arrived, Instants{milliseconds(5)});
    EXPECT_EQ(answered, Instants{milliseconds(5)});
    EXPECT_TRUE(queued.empty());
}

TEST_F(WireTest, HalfOfTheDelayLiesBeforeTheCallAndHalfAfterIt) {
    settings.latency = latency("10ms");
    call_at(100);
    runtime->run();
    EXPECT_EQ(arrived, Instants{milliseconds(105)});
    EXPECT_EQ(answered, Instants{milliseconds(110)});
}

TEST_F(WireTest, AnOddNanosecondIsNotLost) {
    settings.latency = latency("7ns");
    call_at(0);
    runtime->run();
    EXPECT_EQ(arrived, Instants{Instant(3)});
    EXPECT_EQ(answered, Instants{Instant(7)});
}

TEST_F(WireTest, CallsOverlapWithoutALimit) {
    settings.latency = latency("10ms");
    for (int i = 0; i < 100; ++i) call_at(0);
    runtime->run();
    EXPECT_EQ(answered, Instants(100, milliseconds(10)));
    EXPECT_TRUE(queued.empty());
}

TEST_F(WireTest, SoManyServersServeSoManyCallsAndTheOthersQueue) {
    settings.latency = latency("10ms");
    settings.servers = 2;
    for (int i = 0; i < 5; ++i) call_at(0);
    runtime->run();
    EXPECT_EQ(answered, (Instants{milliseconds(10), milliseconds(10), milliseconds(20),
                                  milliseconds(20), milliseconds(30)}));
    EXPECT_EQ(queued, (Durations{milliseconds(0), milliseconds(0), milliseconds(10),
                                 milliseconds(10), milliseconds(20)}));
}

TEST_F(WireTest, AServerIsTakenForTheWholeOfTheDelay) {
    settings.latency = latency("10ms");
    settings.servers = 1;
    call_at(0);
    call_at(7);  // The first call has been made, but its answer is under way.
    runtime->run();
    EXPECT_EQ(answered, (Instants{milliseconds(10), milliseconds(20)}));
    EXPECT_EQ(queued, (Durations{milliseconds(0), milliseconds(3)}));
}

TEST_F(WireTest, CallsAreServedInTheOrderOfTheirArrival) {
    settings.latency = latency("10ms");
    settings.servers = 1;
    for (const int number : {4, 2, 0, 3, 1}) call_at(number, number);
    runtime->run();
    EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

TEST_F(WireTest, ServersWithoutADelayNeverMakeACallWait) {
    settings.servers = 1;
    for (int i = 0; i < 3; ++i) call_at(1);
    runtime->run();
    EXPECT_EQ(answered, Instants(3, milliseconds(1)));
    EXPECT_EQ(queued, Durations(3, Duration{0}));
}

// M/D/1: Poisson arrivals of rate x at one server that takes s for each wait x s^2 / 2 (1 - x
// s) on average; here 0.5 per ms and 1 ms make half a millisecond.
TEST_F(WireTest, PoissonArrivalsAtOneServerQueueAsPollaczekAndKhinchineSay) {
    settings.latency = latency("1ms");
    settings.servers = 1;
    constexpr int calls = 20'000;
    tasks.spawn("arrivals", [this] {
        Random random(1);
        for (int i = 0; i < calls; ++i) {
            runtime->sleep_for(Duration(std::llround(-2e6 * std::log1p(-random.unit()))));
            tasks.spawn("caller", [this] { wire().carry([] { return 0; }); });
        }
    });
    runtime->run();
    double sum = 0;
    for (const Duration waited : queued) sum += 1e-6 * static_cast<double>(waited.count());
    EXPECT_NEAR(sum / calls, 0.5, 0.05);
}

TEST(WireDelays, AreAFunctionOfSeedNameAndNumberOfTheCall) {
    const WireSettings settings{.latency = latency("uniform(1ms,9ms)")};
    const Durations taken = delays(settings, "wire", 1);
    for (std::size_t i = 0; i < taken.size(); ++i) {
        Random random = Random::named(1, "wire", i);
        const auto expected = static_cast<std::int64_t>(settings.latency.sample(random));
        EXPECT_EQ(taken[i], Duration(expected)) << i;
    }
    EXPECT_EQ(delays(settings, "wire", 1), taken);
    EXPECT_NE(delays(settings, "wire", 2), taken);
    EXPECT_NE(delays(settings, "other wire", 1), taken);
}

TEST_F(WireTest, AnAnswerIsNotedAtTheFarEndAndComesBackNoLaterForThat) {
    settings = {.latency = latency("10ms")};
    tasks.spawn("caller", [&] {
        int noted = 0;
        const auto note = [&](int answer) {
            noted = answer;
            EXPECT_EQ(runtime->now(), milliseconds(5));
            runtime->sleep_for(milliseconds(3));
        };
        EXPECT_EQ(wire().carry([] { return 7; }, note), 7);
        EXPECT_EQ(noted, 7);
        EXPECT_EQ(runtime->now(), milliseconds(10));
    });
    runtime->run();
}

TEST_F(WireTest, WithoutFaultsOfItsTierABareWireStaysBare) {
    const std::vector<Fault> other = {parse_fault("cache-down@0+1h")};
    Disturbance none(*runtime, other, FaultPlace::store, 1);
    EXPECT_TRUE(Wire(*runtime, WireSettings(), "wire", 1, nullptr, &none).is_bare());
    Disturbance some(*runtime, other, FaultPlace::cache, 1);
    EXPECT_FALSE(Wire(*runtime, WireSettings(), "wire", 1, nullptr, &some).is_bare());
}

}  // namespace
}  // namespace stalemark
