// SPDX-License-Identifier: Apache-2.0
// What a near cache makes of the changes that its node hears of.
//
// A reader that asked the store before a change may come back with the old row after it. A
// check knows what a node has heard of changes, and is asked before each fill whether it may be
// made. One instance serves all tasks of a node at once; it waits nowhere.

#pragma once

#include <mutex>
#include <optional>

#include "core/row.h"

namespace stalemark {

class EventCheck {
public:
    virtual ~EventCheck() = default;

    // The row has come to `version`. Requires: it is known to which, so not 0. Called before
    // the entry is looked at that the change may have made old: a fill that comes after that
    // look is refused then.
    virtual void hear(Key key, Version version) = 0;

    // Whether an entry of this version is as good as what was heard of as `heard`, so that it
    // may stay.
    virtual bool keeps(Version entry, Version heard) const = 0;

    // Whether a fill with this would be refused.
    virtual bool is_outdated(Key key, const Row& row) = 0;

    // A fill that is to be made, or not. While it exists nothing is heard of.
    struct Admission {
        bool is_refused = false;
        std::unique_lock<std::mutex> quiet;
    };
    virtual Admission admit(Key key, const Row& row) = 0;
};

}  // namespace stalemark
