// SPDX-License-Identifier: Apache-2.0
// An agenda in virtual time: what is taken when.

#include "events/agenda.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "runtime/task_group.h"
#include "runtime/virtual_runtime.h"

namespace stalemark {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::Pair;
using testing::UnorderedElementsAre;

class AgendaTest : public testing::Test {
protected:
    void SetUp() override {
        tasks.spawn("taker", [this] {
            while (const auto item = agenda.next()) {
                taken.emplace_back(runtime->now() / milliseconds(1), *item);
            }
            ended = runtime->now();
        });
    }
    void add_at(int ms, int due_ms, char item) {
        tasks.spawn("adder", [=, this] {
            runtime->sleep_until(milliseconds(ms));
            agenda.add(milliseconds(due_ms), item);
        });
    }
    void close_at(int ms, Instant give_up_at = never) {
        tasks.spawn("closer", [=, this] {
            runtime->sleep_until(milliseconds(ms));
            agenda.close(give_up_at);
        });
    }

    std::unique_ptr<VirtualRuntime> runtime = make_virtual_runtime();
    TaskGroup tasks{*runtime};
    Agenda<char> agenda{*runtime, "an item"};
    std::vector<std::pair<int, char>> taken;
    Instant ended{0};
};

TEST_F(AgendaTest, ItemsAreTakenWhenTheyAreDue) {
    add_at(1, 30, 'c');
    add_at(1, 10, 'a');
    add_at(15, 20, 'b');  // While the taker waits for the c.
    close_at(50);
    runtime->run();
    EXPECT_THAT(taken, ElementsAre(Pair(10, 'a'), Pair(20, 'b'), Pair(30, 'c')));
    EXPECT_EQ(ended, milliseconds(50));
}

TEST_F(AgendaTest, ItemsOfOneInstantAreTakenInTheOrderOfAdding) {
    for (const char item : {'b', 'c', 'a', 'd'}) add_at(1, 10, item);
    close_at(50);
    runtime->run();
    EXPECT_THAT(taken, ElementsAre(Pair(10, 'b'), Pair(10, 'c'), Pair(10, 'a'), Pair(10, 'd')));
}

TEST_F(AgendaTest, AnItemThatIsOverdueIsTakenAtOnce) {
    add_at(7, 3, 'a');
    close_at(50);
    runtime->run();
    EXPECT_THAT(taken, ElementsAre(Pair(7, 'a')));
}

TEST_F(AgendaTest, AnItemThatIsDueLaterDoesNotWakeTheTaker) {
    add_at(1, 10, 'a');
    for (int ms = 2; ms < 9; ++ms) add_at(ms, 20, 'b');
    close_at(50);
    runtime->run();
    // Of the taker: start, the first item, its time, the time of the others, the end.
    EXPECT_EQ(runtime->facts().events, 5U + 2U * 9U);
}

TEST_F(AgendaTest, AClosedOneIsEmptiedFirst) {
    add_at(1, 80, 'a');
    close_at(50);
    add_at(60, 90, 'b');
    runtime->run();
    EXPECT_THAT(taken, ElementsAre(Pair(80, 'a'), Pair(90, 'b')));
    EXPECT_EQ(ended, milliseconds(90));
}

TEST_F(AgendaTest, AClosedOneGivesUpWhenToldTo) {
    for (const int due : {60, 70, 80}) add_at(1, due, static_cast<char>('a' + due / 10));
    close_at(50, milliseconds(70));
    runtime->run();
    EXPECT_THAT(taken, ElementsAre(Pair(60, 'g')));
    EXPECT_EQ(ended, milliseconds(70));
    EXPECT_THAT(agenda.left(), UnorderedElementsAre('h', 'i'));
}

// A watch that answers that every deadline has passed, as an explorer may.
TEST_F(AgendaTest, WhetherAnItemIsDueIsForTheWatchToSay) {
    struct Impatient final : StepWatch {
        void at(const Step& /*step*/) override {}
        bool is_over(Instant /*deadline*/, Timer /*timer*/) override { return true; }
    } watch;
    runtime->watch(&watch);
    add_at(3, 500, 'a');
    close_at(10);
    runtime->run();
    EXPECT_THAT(taken, ElementsAre(Pair(3, 'a')));
}

}  // namespace
}  // namespace stalemark
