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
    Result<Answer> read(Key /*key*/) override { return Answer{std::nullopt, Outcome::miss}; }
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

}  // namespace
}  // namespace stalemark
