// SPDX-License-Identifier: Apache-2.0
// What went wrong in a schedule: each class by one definition, with the store's own order of
// commits in hand.
//
// Which of two values of a key is older is decided in version_order.h; where that does not
// know, neither is called older. A change is acknowledged if it has ended without trouble. A
// read that failed, or has no end, shows nothing.
//
// permanent: a copy at rest has another value than the store at rest. All absences are one
// value.
//
// permanent_after_ttl: likewise, and no TTL ends the copy.
//
// read_your_writes: a read saw a value older than an acknowledged earlier change by its client.
//
// monotonic_reads: a read saw a value older than what an earlier read by its client saw.
//
// linearizability: no order of a key's operations explains all reads; see register_order.h.
//
// dirty: a read saw the value of a change that the store has never committed, and every change
// that it has committed was acknowledged before that one began. Any other committed change may
// have taken the place of the value, as in a queue of writes that keeps the newest of each key;
// a reader cannot distinguish that from a store that had both. So a concurrent committed change
// excuses the read, also where the value was in fact lost. The initial value is never dirty,
// nor is an absence whose delete is not known.
//
// store_older: a change was acknowledged, and the store at rest has the initial value, or that
// of a change acknowledged before this one began. The order of commits does not count here: it
// may be what is wrong. Nothing is said if both are absences.
//
// lost_update: two read-modify-writes saw the same version, and both were acknowledged.
//
// stuck: an operation waits for what nothing can bring.

#pragma once

#include <string>

#include "explore/anomaly_class.h"
#include "explore/outcome.h"

namespace stalemark {

// All classes that the outcome belongs to. Takes about a microsecond for five operations.
AnomalySet judge(const ExploredOutcome& outcome);

// One sentence about an anomaly of this class, in plain English, without a full stop: "the
// cache keeps v1 although the store has v2, for ever". Begins with "key 2: " if there are
// several keys. Requires: judge() has it.
std::string sentence_of(const ExploredOutcome& outcome, ScheduleAnomaly of);

// The operation at which the harm of sentence_of() is seen: the last read that takes part; of a
// lost update the write that is committed last; the first that is stuck. -1: it is seen at
// rest, in a copy or in the store. Requires: judge() has it.
int seen_by(const ExploredOutcome& outcome, ScheduleAnomaly of);

// How a value is written: "v3" for operation 3's (from 1), "v0" for the initial one, "none" for
// an absence.
std::string value_name(const ExploredOutcome& outcome, ValueId value);

}  // namespace stalemark
