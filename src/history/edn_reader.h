// SPDX-License-Identifier: Apache-2.0
// Reads a history of a register, or of independent registers by key, as Jepsen and Knossos
// write it: an invocation and a completion for each operation.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "history/edn_line.h"
#include "history/history_checker.h"

namespace stalemark {

class EdnReader {
public:
    // The checker must take operations in any order: one that is never answered is known to be
    // so at the end.
    explicit EdnReader(HistoryChecker& checker) : checker_(checker) {}

    // The next line, of this number. Throws LineError.
    void read(std::string_view text, std::uint32_t number);

    // There is none after it.
    void finish();

private:
    struct Pending {
        HistoryOperation operation;
        bool is_keyed = false;  // Its value is a vector of key and value.
        std::string key;        // As it is written.
    };

    void invoke(const EdnEvent& event, HistoryTime time, std::uint32_t number);
    void complete(const EdnEvent& event, HistoryTime time, std::uint32_t number);

    HistoryChecker& checker_;
    std::unordered_map<std::string, Pending> pending_;  // By process.
    bool has_times_ = false;
    bool is_begun_ = false;
};

}  // namespace stalemark
