// SPDX-License-Identifier: Apache-2.0
// What came of one schedule: what each operation answered, what the store committed in which
// order, and what every copy holds at rest.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "explore/program.h"

namespace stalemark {

// Which state of a row was seen. Each change makes one of its own: operation i that writes or
// deletes makes i + 1.
using ValueId = std::int8_t;
constexpr ValueId initial_value = 0;  // As the row was before the program, present or absent.
constexpr ValueId some_absence = -1;  // No row, and it is not known by which change.
constexpr ValueId nothing_returned = -2;  // The operation did not return, or failed.

struct ExploredOperation {
    ProgramStep step;
    bool has_begun = false;
    bool has_ended = false;   // Without an end: its node has died, or it waits for ever.
    bool has_failed = false;  // It came back with trouble.
    ValueId seen = nothing_returned;  // Of a read that has ended.

    // The operations that had returned before this one made its first step, as bits; the
    // earlier ones of its own client are among them. With its own end at its last step, this is
    // the strongest order in real time.
    std::uint32_t before = 0;

    bool operator==(const ExploredOperation&) const = default;
};

// A copy at rest.
struct CopyAtRest {
    std::int8_t node = -1;  // Of a near copy; -1: in the cache that all nodes share.
    Key key{0};
    ValueId value = initial_value;
    bool is_for_ever = false;  // No TTL ends it.

    bool operator==(const CopyAtRest&) const = default;
};

struct ExploredOutcome {
    std::vector<ExploredOperation> operations;  // As in the program.

    // By key of the program, oldest first, without the initial one: each is an operation's own.
    std::vector<std::vector<ValueId>> committed;

    std::vector<CopyAtRest> copies;  // Of living nodes and of the shared cache.
    std::uint32_t stuck = 0;  // Operations that wait for what nothing can bring, as bits.
    std::uint32_t died = 0;   // Operations that were under way when their node died, as bits.
    bool is_initially_absent = false;  // The rows, before the program.

    ValueId at_rest(Key key) const {  // In the store.
        const auto& made = committed[index_of(key)];
        return made.empty() ? initial_value : made.back();
    }

    bool operator==(const ExploredOutcome&) const = default;
};

}  // namespace stalemark
