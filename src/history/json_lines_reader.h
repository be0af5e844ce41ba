// SPDX-License-Identifier: Apache-2.0
// Reads a history of JSON Lines, the format of Stalemark itself (history/history_line.h).

#pragma once

#include <string_view>

#include "history/history_checker.h"
#include "history/history_line.h"

namespace stalemark {

class JsonLinesReader {
public:
    explicit JsonLinesReader(HistoryChecker& checker) : checker_(checker) {}

    // The next line, of this number. Throws LineError; TooLate and RepeatedVersion as the
    // checker does.
    void read(std::string_view text, std::uint32_t number);

    // There is none after it. Throws LineError if the history needs another.
    void finish() const;

private:
    void read_first(const HistoryLine& line);
    void read_initial(const HistoryLine& line);
    void read_fault(const HistoryLine& line);
    void read_end(const HistoryLine& line);
    void read_operation(const HistoryLine& line, std::uint32_t number);
    std::uint32_t key_of(const HistoryLine& line);

    HistoryChecker& checker_;
    bool is_begun_ = false;
    bool has_end_ = false;  // It says that it has a last line.
    bool is_ended_ = false;
};

}  // namespace stalemark
