// SPDX-License-Identifier: Apache-2.0
// What a client counts as the latency of an operation: a clock that goes on by a millisecond
// each time that somebody reads it shows what lies between two readings.

#include "driver/client.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "caches/catalog.h"
#include "stores/memory_store.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;

class CountingClock final : public Runtime {
public:
    Instant now() const override { return readings_ += milliseconds(1); }
    void sleep_until(Instant /*when*/) override { refuse(); }
    void run() override { refuse(); }
    Task* self() const override { return nullptr; }
    void park(std::string_view /*why*/) override { refuse(); }
    bool park_until(Instant /*when*/, std::string_view /*why*/) override { refuse(); }
    void unpark(Task* /*task*/) override { refuse(); }
    void wake(Task* /*task*/) override { refuse(); }
    End ending() const override { return End::none; }
    std::unique_ptr<Group> make_group() override { refuse(); }

private:
    [[noreturn]] static void refuse() { throw std::logic_error("only its clock is there"); }

    mutable Instant readings_{0};
};

class AtOnce final : public Strategy {
public:
    using Strategy::Strategy;
    Result<Answer> read(Key /*key*/) override { return Answer{Row(), Outcome::miss}; }
    Result<void> write(Key /*key*/, const std::optional<Bytes>& /*bytes*/) override {
        return {};
    }
};

Histogram latency_of(OperationKind kind) {
    CountingClock clock;
    const auto cache = find_cache("lru").make({}, clock);
    const auto store = make_memory_store();
    const Settings settings;
    AtOnce strategy({*cache, *store, clock, settings});
    WorkloadSpec spec{.keys = 10, .value_size = Distribution(32), .phases = {{}}};
    const Mix mix{.read = kind == OperationKind::read ? 1.0 : 0.0,
                  .write = kind == OperationKind::write ? 1.0 : 0.0,
                  .read_modify_write = kind == OperationKind::read_modify_write ? 1.0 : 0.0};
    spec.phases[0].mix = mix;
    Judges judges(10, 0, 1);
    const Payload payload(0.5, 1);
    Client client(clock, strategy, judges, payload, nullptr, 0, 0);
    const auto source = open_source(spec, {});
    const std::atomic<bool> stop = false;
    const Stretch stretch{.stop = stop};
    SharedRecorder recorder(
        Recorder(operation_kinds, outcomes, Instant{0}, std::chrono::seconds(1)));
    client.run(*source, stretch, &recorder, 20);
    return recorder.recorder().kinds()[static_cast<std::size_t>(kind)].latency();
}

TEST(Latency, OfAReadOrWriteLiesBetweenTwoReadingsOfTheClock) {
    for (const OperationKind kind : {OperationKind::read, OperationKind::write}) {
        const Histogram latency = latency_of(kind);
        EXPECT_EQ(latency.count(), 20U);
        EXPECT_EQ(latency.least(), milliseconds(1));
        EXPECT_EQ(latency.most(), milliseconds(1));
    }
}

// Judging what was read and making what is written lie between its halves.
TEST(Latency, OfAReadModifyWriteIsThatOfItsTwoCallsAlone) {
    const Histogram latency = latency_of(OperationKind::read_modify_write);
    EXPECT_EQ(latency.count(), 20U);
    EXPECT_EQ(latency.least(), milliseconds(2));
    EXPECT_EQ(latency.most(), milliseconds(2));
}

// Time goes on in waits alone, and every timer wakes 3 ms late.
class LateTimers final : public Runtime {
public:
    Instant now() const override { return now_; }
    void sleep_until(Instant when) override { now_ = when; }
    void run() override { refuse(); }
    Task* self() const override { return nullptr; }
    void park(std::string_view /*why*/) override { refuse(); }
    bool park_until(Instant when, std::string_view /*why*/) override {
        now_ = when + milliseconds(3);
        return false;
    }
    void unpark(Task* /*task*/) override { refuse(); }
    void wake(Task* /*task*/) override { refuse(); }
    End ending() const override { return End::none; }
    std::unique_ptr<Group> make_group() override { refuse(); }

private:
    [[noreturn]] static void refuse() { throw std::logic_error("nobody else is there"); }

    Instant now_{0};
};

class Slow final : public Strategy {
public:
    Slow(const Parts& parts, Duration takes) : Strategy(parts), takes_(takes) {}
    Result<Answer> read(Key /*key*/) override {
        runtime.sleep_until(runtime.now() + takes_);
        return Answer{Row(), Outcome::miss};
    }
    Result<void> write(Key /*key*/, const std::optional<Bytes>& /*bytes*/) override {
        return {};
    }

private:
    const Duration takes_;
};

// What one client records of an open loop with an operation every 10 ms that takes so long.
Recorder record_of_open_loop(Duration takes) {
    LateTimers clock;
    const auto cache = find_cache("lru").make({}, clock);
    const auto store = make_memory_store();
    const Settings settings;
    Slow strategy({*cache, *store, clock, settings}, takes);
    WorkloadSpec spec{.keys = 10, .value_size = Distribution(32), .phases = {{}}};
    spec.phases[0].rate = 100;
    spec.phases[0].arrival = Arrival::constant;
    Judges judges(10, 0, 1);
    const Payload payload(0.5, 1);
    Client client(clock, strategy, judges, payload, nullptr, 0, 0);
    ArrivalQueue arrivals(open_arrivals(spec, 1, 0, 1), {.operations_max = 5});
    const std::atomic<bool> stop = false;
    const Stretch stretch{.stop = stop};
    SharedRecorder recorder(
        Recorder(operation_kinds, outcomes, Instant{0}, std::chrono::seconds(1)));
    client.run(arrivals, stretch, &recorder);
    return recorder.recorder();
}

// The first is due at once, and the client waits for each of the others.
TEST(Slip, OfAnIdleClientIsItsTimersAndNoPartOfTheResponse) {
    const Recorder recorder = record_of_open_loop(milliseconds(2));
    EXPECT_EQ(recorder.slip().count(), 5U);
    EXPECT_EQ(recorder.timer_slip().count(), 4U);
    EXPECT_EQ(recorder.timer_slip().least(), milliseconds(3));
    EXPECT_EQ(recorder.timer_slip().most(), milliseconds(3));
    EXPECT_EQ(recorder.kinds()[0].response.most(), milliseconds(2));
}

// Due at 0, 10, 20 ... and sent at 0, 25, 50 ...
TEST(Slip, OfABusyClientIsNoTimersAndPartOfTheResponse) {
    const Recorder recorder = record_of_open_loop(milliseconds(25));
    EXPECT_EQ(recorder.slip().count(), 5U);
    EXPECT_EQ(recorder.slip().most(), milliseconds(60));
    EXPECT_EQ(recorder.timer_slip().count(), 0U);
    EXPECT_EQ(recorder.kinds()[0].response.most(), milliseconds(85));
}

}  // namespace
}  // namespace stalemark
