// SPDX-License-Identifier: Apache-2.0
// One line of a history: a JSON object of a few known fields, in any order.
//
//   {"fmt":"stalemark-history","v":1,"initial":0}                             the first line
//   {"k":17,"c":3,"op":"w","v":"3:812","call":1234,"ret":1299,"st":"ok"}      an operation
//   {"k":17,"op":"i","v":"0"}                             what one key holds at first
//   {"fault":"store-down","call":1000,"ret":2000}          an interval in which it was
//   disturbed
//   {"end":true,"lost":0}                                                     the last line

#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace stalemark {

// What is wrong with a line, without its place.
struct LineError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A value of a field: null, true or false, a whole number of 64 bits, another number, a text,
// or an object or array.
struct LineValue {
    enum class Kind : std::uint8_t { missing, null, boolean, integer, real, text, nested };

    Kind kind = Kind::missing;
    bool is_escaped = false;   // A text in which a backslash stands for something.
    bool is_true = false;      // Of a boolean.
    std::int64_t integer = 0;  // Of an integer.
    std::string_view text;     // As it is written; of a text without its quotation marks.

    bool is_given() const { return kind != Kind::missing; }
};

struct HistoryLine {
    LineValue key;      // "k"
    LineValue client;   // "c"
    LineValue action;   // "op"
    LineValue version;  // "v"
    LineValue call;
    LineValue ret;
    LineValue state;   // "st"
    LineValue format;  // "fmt"
    LineValue initial;
    LineValue fault;
    LineValue end;
    LineValue lost;
};

// Other fields are passed over. The line refers to `text`. Throws LineError if that is no JSON
// object, or has one of these fields twice.
HistoryLine parse_history_line(std::string_view text);

// The text that is meant by one with escapes. Throws LineError.
std::string unescaped(std::string_view text);

}  // namespace stalemark
