// SPDX-License-Identifier: Apache-2.0
// Each class on outcomes made by hand: one that belongs to it and one that nearly does.

#include "explore/judge.h"

#include <gtest/gtest.h>

#include "explore/played.h"

namespace stalemark {
namespace {

using enum ScheduleAnomaly;

ExploredOutcome with_copy(ExploredOutcome outcome, CopyAtRest copy) {
    outcome.copies.push_back(copy);
    return outcome;
}

ExploredOutcome without_rows(ExploredOutcome outcome) {
    outcome.is_initially_absent = true;
    return outcome;
}

AnomalySet sets(std::initializer_list<ScheduleAnomaly> classes) {
    AnomalySet set = 0;
    for (const auto one : classes) set |= set_of(one);
    return set;
}

TEST(Judge, FindsNothingWhereAllIsWell) {
    const auto outcome =
        played("w r | m | r r", "1( 3( 5( 3)v0 5)v0 1) 2( 2)v1 4( 4) 6( 6)v4", {{1, 4}});
    EXPECT_EQ(judge(with_copy(outcome, {.value = 4, .is_for_ever = true})), 0);
    EXPECT_EQ(judge(ExploredOutcome{}), 0);
}

TEST(Judge, ComparesCopiesWithTheStoreAtRest) {
    const auto outcome = played("w | w", "1( 1) 2( 2)", {{1, 2}});
    const auto kept = with_copy(outcome, {.value = 1, .is_for_ever = true});
    EXPECT_EQ(judge(kept), sets({permanent, permanent_after_ttl}));
    EXPECT_EQ(sentence_of(kept, permanent),
              "the cache keeps v1 although the store has v2, for ever");
    EXPECT_EQ(seen_by(kept, permanent), -1);
    const auto until = with_copy(outcome, {.node = 1, .value = initial_value});
    EXPECT_EQ(judge(until), sets({permanent}));
    EXPECT_EQ(
        sentence_of(until, permanent),
        "the near cache of node 2 keeps v0 although the store has v2, until its TTL ends");
    EXPECT_EQ(judge(with_copy(outcome, {.value = 2, .is_for_ever = true})), 0);
    const auto both = with_copy(until, {.value = some_absence, .is_for_ever = true});
    EXPECT_EQ(sentence_of(both, permanent_after_ttl),
              "the cache says that there is no row although the store has v2, for ever");
}

TEST(Judge, TakesOneAbsenceForAnotherInCopies) {
    const auto outcome = without_rows(played("d | d", "1( 1) 2( 2)", {{1, 2}}));
    for (const ValueId value : {ValueId{0}, ValueId{1}, ValueId{2}, some_absence})
        EXPECT_EQ(judge(with_copy(outcome, {.value = value, .is_for_ever = true})), 0);
    const auto kept = with_copy(played("d", "1( 1)", {{1}}), {.value = 0});
    EXPECT_EQ(judge(kept), sets({permanent}));
    EXPECT_EQ(sentence_of(kept, permanent),
              "the cache keeps v0 although the store has no row, until its TTL ends");
}

TEST(Judge, ExpectsClientsToReadTheirWrites) {
    const auto bad = played("w r", "1( 1) 2( 2)v0", {{1}});
    EXPECT_EQ(judge(bad), sets({read_your_writes, linearizability}));
    EXPECT_EQ(sentence_of(bad, read_your_writes),
              "client 1 reads v0 after its own write of v1 was acknowledged");
    EXPECT_EQ(seen_by(bad, read_your_writes), 1);
    EXPECT_EQ(judge(played("w r", "1( 1)! 2( 2)v0", {{}})), 0);
    EXPECT_EQ(judge(played("w r", "1( 1) 2(", {{1}})), 0);
    EXPECT_EQ(judge(played("w r | w", "1( 3( 1) 3) 2( 2)v3", {{1, 3}})), 0);
    // A concurrent change that the store has committed before is older.
    EXPECT_TRUE(
        has(judge(played("w r | w", "1( 3( 1) 3) 2( 2)v3", {{3, 1}})), read_your_writes));
    // Of one that it has not committed, nothing is known.
    EXPECT_EQ(judge(played("w r | w", "1( 3( 1) 3) 2( 2)v3", {{1}})) & set_of(read_your_writes),
              0);
    EXPECT_EQ(judge(played("w r | w", "1( 3( 1) 3) 2( 2)v3", {{3}})), 0);
    // Unless it had returned before.
    EXPECT_TRUE(has(judge(played("w r | w", "3( 3) 1( 1) 2( 2)v3", {{3}})), read_your_writes));
    const auto erased = played("d r", "1( 1) 2( 2)v0", {{1}});
    EXPECT_EQ(sentence_of(erased, read_your_writes),
              "client 1 reads v0 after its own delete was acknowledged");
}

TEST(Judge, ExpectsReadsToBeMonotonic) {
    const auto bad = played("w | r r", "1( 2( 2)v1 3( 3)v0 1)", {{1}});
    EXPECT_EQ(judge(bad), sets({monotonic_reads, linearizability}));
    EXPECT_EQ(sentence_of(bad, monotonic_reads), "client 2 reads v0 after it has read v1");
    EXPECT_EQ(seen_by(bad, monotonic_reads), 2);
    EXPECT_EQ(judge(played("w | r | r", "1( 2( 3( 2)v1 3)v0 1)", {{1}})), 0);
    EXPECT_EQ(judge(played("w | r r2", "1( 2( 2)v1 3( 3)v0 1)", {{1}, {}})), 0);
    // Two values that were both coalesced and concurrent have no order.
    EXPECT_EQ(judge(played("w | w | w | r r", "1( 2( 3( 4( 4)v1 5( 5)v2 1) 2) 3)", {{3}})), 0);
}

TEST(Judge, CallsNoAbsenceOlderThanAnAbsence) {
    const std::string program = "d | d | r r";
    const std::string play = "1( 1) 2( 2) 3( 3)v2 4( 4)v1";
    EXPECT_EQ(judge(played(program, play, {{1, 2}})), 0);
    EXPECT_EQ(judge(without_rows(played("d r", "1( 1) 2( 2)v0", {{1}}))), 0);
    EXPECT_EQ(judge(without_rows(played("d", "1( 1)", {{}}))), 0);
}

TEST(Judge, LetsAnUnknownAbsenceBeAnyThatFits) {
    // The delete came after the write, or before it.
    const std::string program = "w r | d";
    EXPECT_EQ(judge(played(program, "3( 1( 1) 2( 2)- 3)", {{1, 3}})), 0);
    EXPECT_TRUE(has(judge(played(program, "3( 3) 1( 1) 2( 2)-", {{3, 1}})), read_your_writes));
    // One that began after the read is none that it saw.
    EXPECT_TRUE(has(judge(without_rows(played(program, "1( 1) 2( 2)- 3( 3)", {{1, 3}}))),
                    read_your_writes));
    // Nor is one that never began; without any, the read is of nothing that is older.
    EXPECT_TRUE(
        has(judge(without_rows(played(program, "1( 1) 2( 2)-", {{1}}))), read_your_writes));
    EXPECT_EQ(judge(played("w r", "1( 1) 2( 2)-", {{1}})), sets({linearizability}));
    // Either of two deletes, one of which is newer.
    EXPECT_EQ(judge(played("w r | d | d", "3( 3) 4( 1( 1) 2( 2)- 4)", {{3, 1, 4}})), 0);
    const auto bad = without_rows(played("w | r r", "1( 2( 2)v1 3( 3)- 1)", {{1}}));
    EXPECT_EQ(judge(bad), sets({monotonic_reads, linearizability}));
    EXPECT_EQ(sentence_of(bad, monotonic_reads), "client 2 finds no row after it has read v1");
    const auto back = played("d | r r", "1( 2( 2)- 3( 3)v0 1)", {{1}});
    EXPECT_EQ(sentence_of(back, monotonic_reads),
              "client 2 reads v0 after it has found no row");
}

TEST(Judge, SaysWhyNoOrderExplainsARead) {
    const auto sentence = [](const ExploredOutcome& outcome) {
        EXPECT_TRUE(has(judge(outcome), linearizability));
        return sentence_of(outcome, linearizability);
    };
    EXPECT_EQ(sentence(played("r | w | r", "2( 2) 3( 3)v0", {{2}})),
              "client 3 reads v0, which client 2's v2 had replaced before that read began");
    EXPECT_EQ(sentence(played("d | r", "1( 1) 2( 2)v0", {{1}})),
              "client 2 reads v0, which client 1's delete had removed before that read began");
    EXPECT_EQ(sentence(played("d | w | r", "1( 1) 2( 2) 3( 3)-", {{1, 2}})),
              "client 3 finds no row although client 2's write of v2 was acknowledged before "
              "that read began");
    EXPECT_EQ(sentence(played("r | w", "1( 1)v2 2( 2)", {{2}})),
              "client 1 reads v2 before client 2 begins its write of v2");
    EXPECT_EQ(sentence(played("w | r | r", "1( 2( 2)v1 3( 3)v0 1)", {{1}})),
              "client 3 reads v0 after client 2 has read the newer v1");
    EXPECT_EQ(sentence(played("w | r | r", "1( 3( 3)v1 2( 2)v0 1)", {{1}})),
              "client 2 reads v0 after client 3 has read the newer v1");
    EXPECT_EQ(sentence(played("w | r r", "1( 2( 2)v1 3( 3)v0 1)", {{1}})),
              "client 2 reads v0 after it has read the newer v1");
    EXPECT_EQ(sentence(played("w | w | r | r", "1( 2( 1) 2) 3( 4( 3)v1 4)v2", {{1, 2}})),
              "no order of the operations explains what client 4 read");
    EXPECT_EQ(sentence(played("r | w2 | r2", "2( 2) 3( 3)v0", {{}, {2}})),
              "key 2: client 3 reads v0, which client 2's v2 had replaced before that read "
              "began");
    EXPECT_EQ(seen_by(played("r | w | r", "2( 2) 3( 3)v0", {{2}}), linearizability), 2);
    EXPECT_EQ(judge(played("r | w | r", "2( 3( 3)v0 2)", {{2}})), 0);
}

TEST(Judge, CallsDirtyWhatTheStoreNeverHad) {
    const auto bad = played("w | r", "1( 2( 2)v1", {{}});
    EXPECT_EQ(judge(bad), sets({dirty}));
    EXPECT_EQ(sentence_of(bad, dirty),
              "client 2 reads v1, but client 1's write of v1 never "
              "reached the store");
    EXPECT_EQ(seen_by(bad, dirty), 1);
    EXPECT_EQ(judge(played("w | r", "1( 2( 2)v1", {{1}})), 0);
    EXPECT_EQ(judge(played("w | r", "1( 2( 2)v0", {{}})), 0);
    // A change that came later, or at the same time, may have replaced it in a queue.
    EXPECT_EQ(judge(played("w | r | w", "1( 1) 2( 2)v1 3( 3)", {{3}})), 0);
    EXPECT_EQ(judge(played("w | r | w", "1( 3( 1) 2( 2)v1 3)", {{3}})), 0);
    EXPECT_EQ(judge(played("w | r | w", "3( 3) 1( 2( 2)v1", {{3}})), sets({dirty}));
    EXPECT_EQ(judge(played("w | r | w2", "1( 1)! 2( 2)v1 3( 3)", {{}, {3}})), sets({dirty}));
    // An absence whose delete is not known is of no change in particular.
    EXPECT_EQ(judge(played("d | r", "1( 2( 2)-", {{}})), 0);
    EXPECT_EQ(judge(played("d | r", "1( 2( 2)v1", {{}})), sets({dirty}));
    EXPECT_EQ(value_name(played("d | r", "1( 2( 2)v1", {{}}), 1), "none");
}

TEST(Judge, ComparesTheStoreWithAcknowledgedChanges) {
    const auto lost = played("w", "1( 1)", {{}});
    EXPECT_EQ(judge(lost), sets({store_older}));
    EXPECT_EQ(
        sentence_of(lost, store_older),
        "the store has v0 at rest although client 1's later write of v1 was acknowledged");
    EXPECT_EQ(seen_by(lost, store_older), -1);
    EXPECT_EQ(judge(played("w", "1( 1)!", {{}})), 0);
    EXPECT_EQ(judge(played("w", "1(", {{}})), 0);
    // Late to the store, by its order of commits the newest.
    EXPECT_EQ(judge(played("w | w", "1( 1) 2( 2)", {{2, 1}})), sets({store_older}));
    EXPECT_EQ(judge(played("w | w", "1( 1) 2( 2)", {{1}})), sets({store_older}));
    EXPECT_EQ(judge(played("w | w", "1( 1) 2( 2)", {{2}})), 0);
    EXPECT_EQ(judge(played("w | w", "1( 2( 1) 2)", {{2, 1}})), 0);
    EXPECT_EQ(judge(played("w | w", "1( 2( 1) 2)", {{1}})), 0);
    EXPECT_EQ(judge(played("w | w", "1( 1)! 2( 2)", {{2, 1}})), 0);
    EXPECT_EQ(judge(played("w | d", "1( 1) 2( 2)", {{2, 1}})), sets({store_older}));
}

TEST(Judge, FindsLostUpdates) {
    const auto bad = played("m | m", "1( 3( 1)v0 3)v0 2( 4( 2) 4)", {{4, 2}});
    EXPECT_EQ(judge(bad), sets({lost_update}));
    EXPECT_EQ(sentence_of(bad, lost_update),
              "client 2's v4 and client 1's v2 are both made of "
              "v0: one of the changes is lost");
    EXPECT_EQ(seen_by(bad, lost_update), 1);
    EXPECT_EQ(judge(played("m | m", "1( 1)v0 2( 2) 3( 3)v2 4( 4)", {{2, 4}})), 0);
    EXPECT_EQ(judge(played("m | m", "1( 3( 1)v0 3)v0 2( 4( 2) 4)!", {{2}})), 0);
    EXPECT_EQ(judge(played("m | m", "1( 3( 1)v0 3)v0 2( 4( 2)", {{2}})), 0);
    EXPECT_EQ(judge(played("r w | r w", "1( 3( 1)v0 3)v0 2( 4( 2) 4)", {{2, 4}})), 0);
    EXPECT_EQ(judge(played("m | m2", "1( 3( 1)v0 3)v0 2( 4( 2) 4)", {{2}, {4}})), 0);
    EXPECT_EQ(judge(without_rows(played("m | m", "1( 3( 1)- 3)- 2( 4( 2) 4)", {{2, 4}}))),
              sets({lost_update}));
    EXPECT_EQ(judge(without_rows(
                  played("m | m | d", "5( 1( 3( 1)- 3)- 2( 4( 2) 4) 5)", {{5, 2, 4}}))),
              0);
}

TEST(Judge, FindsWhatIsStuck) {
    auto outcome = played("w | r", "1( 1) 2(", {{1}});
    EXPECT_EQ(judge(outcome), 0);
    outcome.stuck = 0b10;
    EXPECT_EQ(judge(outcome), sets({stuck}));
    EXPECT_EQ(sentence_of(outcome, stuck), "client 2's read waits for what nothing can bring");
    EXPECT_EQ(seen_by(outcome, stuck), 1);
}

}  // namespace
}  // namespace stalemark
