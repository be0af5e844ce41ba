// SPDX-License-Identifier: Apache-2.0
// The message of the bus: "this key was changed".

#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "core/header.h"
#include "core/types.h"

namespace stalemark {

// A publisher that is no node: the store's commit log. Every node receives its events.
constexpr std::uint32_t commit_log = std::numeric_limits<std::uint32_t>::max();

struct Event {
    Key key{0};

    // Of the row after the change: whoever holds that version or a newer one may ignore the
    // event. 0: unknown, the event holds for every version.
    Version version = 0;

    std::uint32_t publisher = 0;  // A node, 0 .. nodes-1, or commit_log.
    // Which write it announces. For judges only: receivers do not look at it.
    std::optional<Header> write;

    // The bus fills these in.
    std::uint64_t sequence = 0;  // The how-manieth event of its publisher, from 1.
    Instant published{0};
};

}  // namespace stalemark
