// SPDX-License-Identifier: Apache-2.0
// Writes the operations of a run as a history of JSON Lines (docs/check.md).

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "history/history_operation.h"

namespace stalemark {

// How a recorded operation ended: it is known to have happened, known not to have, or neither.
enum class RecordedEnding : std::uint8_t { done, failed, unknown };

// An operation of a run: key and client are the numbers that the run has for them.
struct RecordedOperation {
    HistoryOperation operation;
    RecordedEnding ending = RecordedEnding::done;
    std::string_view source;  // Of a read: where its answer came from.
};

class HistoryWriter {
public:
    // Makes the file, or empties it. Throws InputError.
    explicit HistoryWriter(const std::string& path);
    ~HistoryWriter();
    HistoryWriter(const HistoryWriter&) = delete;
    HistoryWriter& operator=(const HistoryWriter&) = delete;

    // The key has no value at first. Every other one has version 0.
    void add_absent(std::uint32_t key);

    void add(const RecordedOperation& recorded);

    // The last line, with how many operations are missing. Throws RunError if any line could
    // not be written.
    void finish(std::uint64_t lost);

private:
    void flush();

    std::string path_;
    int file_;
    std::string lines_;  // Not written yet.
    int error_ = 0;
};

}  // namespace stalemark
