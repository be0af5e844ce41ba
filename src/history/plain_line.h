// SPDX-License-Identifier: Apache-2.0
// The usual line of a history, read without looking around: what Stalemark itself writes.
//
//   {"k":17,"c":3,"op":"r","v":"3:812","call":1234,"ret":1299,"st":"ok","src":"hit"}

#pragma once

#include <string_view>

#include "history/history_operation.h"

namespace stalemark {

struct PlainLine {
    std::int64_t key = 0;
    std::int64_t client = 0;
    HistoryAction action = HistoryAction::read;
    Name version;
    HistoryTime call = 0;
    HistoryTime ret = 0;
};

// Answers false if the line is anything else, or anything is wrong with it: the fields that are
// shown in this order and form, the last two of which may be missing; a read or write; whole
// numbers of up to 18 digits, 9 each in a version that is a pair; no spaces.
bool parse_plain_line(std::string_view text, PlainLine& line);

}  // namespace stalemark
