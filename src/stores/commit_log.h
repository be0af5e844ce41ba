// SPDX-License-Identifier: Apache-2.0
// The changes of a store in the order in which they were committed, for whoever follows them: a
// database's own log, as change data capture reads it.
//
// The reader keeps its place, not the store: an answer that was lost on its way is asked for
// again, and nothing is missed. Any number of tasks may read a log at once.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/header.h"
#include "core/result.h"

namespace stalemark {

// A place between two changes of one store's log. Places ascend, with gaps or without.
enum class LogPosition : std::uint64_t {};

struct LoggedChange {
    LogPosition position{};  // The place behind this change.
    Key key{};
    Version version = 0;  // What put or erase answered.
    bool is_delete = false;

    // Of the value that was put, unverified; nothing if it was too short to have one.
    std::optional<Header> header;

    bool operator==(const LoggedChange&) const = default;
};

class CommitLog {
public:
    virtual ~CommitLog() = default;

    // The place behind the newest change.
    virtual Result<LogPosition> end() = 0;

    // The changes behind `from`, oldest first, at most `most` of them; none if there are none
    // yet. Reading goes on at the position of the last. Has failed if the log does not reach
    // back to `from` (any more), or not yet as far: never is a change left out.
    //
    // The changes of a row are in the order of their versions, those of a batch side by side. A
    // change that was acknowledged is in the log, and one that is in the log can be read from
    // the store.
    virtual Result<std::vector<LoggedChange>> read(LogPosition from, std::size_t most) = 0;
};

}  // namespace stalemark
