// SPDX-License-Identifier: Apache-2.0
// One operation of a history: a read, write or erase of one key by one client, from the instant
// at which it was sent to the one at which it was answered.
//
// Intervals are closed: a precedes b if a ended before b began, and equal instants are
// concurrent. Each write of a key makes a version of its own.

#pragma once

#include <cstdint>
#include <limits>

#include "history/name.h"

namespace stalemark {

// Nanoseconds since an instant that is the same for the whole history.
using HistoryTime = std::int64_t;

constexpr HistoryTime before_history = std::numeric_limits<HistoryTime>::min();
constexpr HistoryTime after_history = std::numeric_limits<HistoryTime>::max();

enum class HistoryAction : std::uint8_t { read, write, erase };

struct HistoryOperation {
    static constexpr std::uint32_t no_client = 0xffffffff;

    Name version;  // Read or written; absent of an erase, and of a read that found no value.
    HistoryTime began = 0;
    HistoryTime ended = 0;             // after_history: whether it took effect is not known.
    std::uint32_t line = 0;            // From 1; 0: the state before the first operation.
    std::uint32_t client = no_client;  // Index of the client.
    std::uint32_t key = 0;             // Index of the key.
    HistoryAction action = HistoryAction::read;

    // A read that found no value where several erases may have been the reason: it counts for
    // the one that fits, and proves nothing.
    bool is_assigned = false;

    bool is_read() const { return action == HistoryAction::read; }
    bool is_unknown() const { return ended == after_history; }
    bool precedes(const HistoryOperation& other) const { return ended < other.began; }
};

// What a key holds before its first operation.
inline HistoryOperation initial_state(std::uint32_t key, Name version) {
    return {.version = version,
            .began = before_history,
            .ended = before_history,
            .key = key,
            .action = version.is_absent() ? HistoryAction::erase : HistoryAction::write};
}

}  // namespace stalemark
