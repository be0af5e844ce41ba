// SPDX-License-Identifier: Apache-2.0
#include "driver/arrival_queue.h"

#include <gtest/gtest.h>

#include <map>

#include "driver/virtual_run.h"
#include "workload/files_on_disk.h"
#include "workload/trace.h"

namespace stalemark {
namespace {

// So many operations, one a millisecond: the k-th of key and session keys[k], sessions[k].
class Listed final : public Source {
public:
    explicit Listed(std::vector<Operation> operations) : operations_(std::move(operations)) {}

    std::optional<Operation> next() override {
        if (next_ == operations_.size()) return std::nullopt;
        Operation operation = operations_[next_++];
        operation.due = milliseconds(next_);
        return operation;
    }

private:
    std::vector<Operation> operations_;
    std::size_t next_ = 0;
};

Operation of(std::uint32_t session, std::uint64_t key = 0) {
    return {.key = Key{key}, .session = session};
}

class ArrivalQueueTest : public testing::Test {
protected:
    static ArrivalQueue queue(std::vector<Operation> operations, std::uint32_t nodes,
                              bool keeps_order = false, std::uint64_t most = 1'000) {
        return {std::make_unique<Listed>(std::move(operations)),
                {.nodes = nodes,
                 .operations_max = most,
                 .began = seconds(1),
                 .keeps_order_of_keys = keeps_order}};
    }
    const std::atomic<bool> stop = false;
};

TEST_F(ArrivalQueueTest, GivesEachNodeTheOperationsOfItsSessionsInTheirOrder) {
    ArrivalQueue arrivals = queue({of(0), of(1), of(3), of(2), of(5), of(4)}, 2);
    for (const std::uint32_t session : {1U, 3U, 5U}) {
        EXPECT_EQ(arrivals.take(1, Instant{0}, {})->session, session);
    }
    EXPECT_FALSE(arrivals.take(1, Instant{0}, {}));
    for (const std::uint32_t session : {0U, 2U, 4U}) {
        EXPECT_EQ(arrivals.take(0, Instant{0}, {})->session, session);
    }
    EXPECT_FALSE(arrivals.take(0, Instant{0}, {}));
}

TEST_F(ArrivalQueueTest, CountsWhatWasDueAndNotTakenOnce) {
    ArrivalQueue arrivals = queue(std::vector<Operation>(100, of(0)), 3);
    for (int i = 0; i < 10; ++i) arrivals.take(0, Instant{0}, {});
    // The eleventh to the thirtieth are due before.
    EXPECT_EQ(arrivals.count_dropped(seconds(1) + milliseconds(31), stop), 20U);
}

TEST_F(ArrivalQueueTest, CountsWhatItKeepsForOtherNodesToo) {
    std::vector<Operation> operations;
    for (std::uint32_t i = 0; i < 100; ++i) operations.push_back(of(i));
    ArrivalQueue arrivals = queue(operations, 4);
    arrivals.take(3, Instant{0}, {});  // Draws four.
    EXPECT_EQ(arrivals.count_dropped(seconds(1) + milliseconds(11), stop), 9U);
}

TEST_F(ArrivalQueueTest, DrawsNoMoreThanAreAskedFor) {
    ArrivalQueue arrivals = queue(std::vector<Operation>(100, of(0)), 1, false, 7);
    int taken = 0;
    while (arrivals.take(0, Instant{0}, {})) ++taken;
    EXPECT_EQ(taken, 7);
    EXPECT_EQ(arrivals.count_dropped(never, stop), 0U);
}

TEST_F(ArrivalQueueTest, LetsNoTwoClientsBeAtOneKeyWhereItsOrderIsKept) {
    ArrivalQueue arrivals = queue({of(0, 7), of(0, 7), of(0, 8), of(0, 7), of(0, 9)}, 1, true);
    EXPECT_EQ(arrivals.take(0, Instant{0}, {})->due, milliseconds(1));
    EXPECT_EQ(arrivals.take(0, Instant{0}, {})->due, milliseconds(3)) << "the free key";
    EXPECT_EQ(arrivals.take(0, Instant{0}, {})->due, milliseconds(5));
    EXPECT_FALSE(arrivals.take(0, Instant{0}, {}));
    EXPECT_EQ(arrivals.take(0, Instant{0}, Key{7})->due, milliseconds(2)) << "goes on with it";
    EXPECT_EQ(arrivals.take(0, Instant{0}, Key{7})->due, milliseconds(4));
    EXPECT_FALSE(arrivals.take(0, Instant{0}, Key{7}));
}

// Of an overload of two to one, and of a stall that is made up for.
// Node 0 meets every operation, and nobody takes those of node 1.
TEST_F(ArrivalQueueTest, IsSaturatedIfOneNodeIsWhicheverItIs) {
    for (const std::uint32_t idle : {0U, 1U}) {
        std::vector<Operation> operations;
        for (std::uint32_t i = 0; i < 100; ++i) operations.push_back(of(i));
        ArrivalQueue arrivals = queue(operations, 2);
        for (int i = 0; i < 50; ++i) {
            const auto operation = arrivals.take(idle, Instant{0}, {});
            EXPECT_EQ(operation->session % 2, idle);
        }
        const Instant ended = seconds(1) + milliseconds(101);
        EXPECT_EQ(arrivals.count_dropped(ended, stop), 50U);
        EXPECT_TRUE(arrivals.is_saturated(ended));
    }
}

class Saturation : public testing::Test {
protected:
    VirtualResult play(Duration stall_ends) {
        run.phase().rate = 1'000;
        run.phase().arrival = Arrival::constant;
        run.driving.clients = 4;
        run.driving.sessions = 10;
        run.driving.duration = seconds(20);
        stall_ends_ = stall_ends;
        return run.carry_out([this](const Parts& parts) {
            return std::make_unique<Stalled>(parts, stall_ends_, service);
        });
    }

    class Stalled final : public Strategy {
    public:
        Stalled(const Parts& parts, Instant ends, Duration service)
            : Strategy(parts), ends_(ends), service_(service) {}
        Result<Answer> read(Key key) override {
            if (runtime.now() > seconds(2)) runtime.sleep_until(ends_);
            runtime.sleep_for(service_);
            return Answer{store.get(key).value(), Outcome::bypass};
        }
        Result<void> write(Key, const std::optional<Bytes>&) override { return {}; }

    private:
        const Instant ends_;
        const Duration service_;
    };

    Duration service = milliseconds(2);
    Instant stall_ends_{0};
    VirtualRun run;
};

TEST_F(Saturation, IsReportedWhereClientsFallFurtherAndFurtherBehind) {
    service = milliseconds(5);  // 800 a second.
    const VirtualResult result = play(Instant{0});
    EXPECT_TRUE(result.driven.is_saturated);
    EXPECT_EQ(result.driven.clients_busy_max, 4U);
}

TEST_F(Saturation, IsNotReportedWhereTheyKeepUp) {
    const VirtualResult result = play(Instant{0});
    EXPECT_FALSE(result.driven.is_saturated);
    EXPECT_EQ(result.driven.recorder.dropped(), 0U);
}

TEST_F(Saturation, IsNotReportedOfAStallThatIsMadeUpFor) {
    EXPECT_FALSE(play(seconds(4)).driven.is_saturated);
}

TEST_F(Saturation, IsReportedOfAStallThatDoesNotEnd) {
    const VirtualResult result = play(seconds(30));
    EXPECT_TRUE(result.driven.is_saturated);
    EXPECT_GT(result.driven.recorder.dropped(), 17'000U);
}

// The only operation that is taken in the second half is less late than those that are left.
TEST_F(Saturation, IsReportedWhereFewOperationsAreTakenAtAll) {
    service = milliseconds(9'000);
    const VirtualResult result = play(Instant{0});
    EXPECT_TRUE(result.driven.is_saturated);
    EXPECT_GT(result.driven.recorder.dropped(), 19'000U);
}

TEST(BacklogTest, AClientIsFreeUntilTheOperationThatItHasTakenIsDue) {
    Backlog backlog(Instant{0});
    backlog.note_late(Instant{0}, Duration{0});
    backlog.note_met(seconds(9));  // Taken early on.
    backlog.note_late(milliseconds(9'200), milliseconds(250));
    backlog.note_late(milliseconds(9'400), milliseconds(400));
    EXPECT_FALSE(backlog.has_grown(seconds(10), milliseconds(9'100)));
}

TEST(BacklogTest, GrowsWhereTheNextOperationIsLaterAtTheEnd) {
    Backlog backlog(Instant{0});
    for (int second = 1; second <= 10; ++second)
        backlog.note_late(seconds(second), milliseconds(100 * second));
    EXPECT_TRUE(backlog.has_grown(seconds(10), milliseconds(9'000)));
    EXPECT_TRUE(backlog.has_grown(seconds(10), std::nullopt));
    EXPECT_FALSE(backlog.has_grown(seconds(10), milliseconds(9'900))) << "it was worked off";
}

// Notes when each operation of a key begins and ends, and whether it writes.
class Watching final : public Strategy {
public:
    struct Stay {
        Instant began, ended;
        bool writes;
    };
    using Seen = std::map<Key, std::vector<Stay>>;

    Watching(const Parts& parts, Seen& seen) : Strategy(parts), seen_(seen) {}
    Result<Answer> read(Key key) override {
        const Instant began = runtime.now();
        auto value = store.get(key);
        seen_[key].push_back({began, runtime.now(), false});
        return Answer{value.value(), Outcome::bypass};
    }
    Result<void> write(Key key, const std::optional<Bytes>& bytes) override {
        const Instant began = runtime.now();
        const auto done = acknowledge(commit(key, bytes));
        seen_[key].push_back({began, runtime.now(), true});
        return done;
    }

private:
    Seen& seen_;
};

TEST(TimedTrace, ReplaysTheOperationsOfAKeyInTheirOrderAndOneAtATime) {
    const auto path = (repository() / "tests/data/traces/cloudphysics.csv.gz").string();
    const auto trace = read_trace(path);
    VirtualRun run;
    run.spec.trace = {.path = path, .speed = 20};  // Many a key is wanted again too soon.
    run.spec.keys = trace->keys();
    run.store_wire.latency = latency("lognormal(20ms,1)");
    run.driving.clients = 50;
    run.driving.sessions = 100;
    run.driving.duration = seconds(1'000);
    Watching::Seen seen;
    const VirtualResult result = run.carry_out(
        [&](const Parts& parts) { return std::make_unique<Watching>(parts, seen); });
    EXPECT_EQ(result.driven.recorder.ended(), trace->records.size());

    std::map<Key, std::vector<bool>> recorded;
    for (const TraceRecord& record : trace->records)
        recorded[Key{record.key}].push_back(record.kind != OperationKind::read);
    for (const auto& [key, stays] : seen) {
        std::vector<bool> writes;
        for (std::size_t i = 0; i < stays.size(); ++i) {
            writes.push_back(stays[i].writes);
            if (i > 0) {
                EXPECT_GE(stays[i].began, stays[i - 1].ended);
            }
        }
        EXPECT_EQ(writes, recorded[key]);
    }
}

}  // namespace
}  // namespace stalemark
