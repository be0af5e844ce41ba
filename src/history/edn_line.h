// SPDX-License-Identifier: Apache-2.0
// One event of a history as Jepsen and Knossos write it: a map of EDN on a line of its own.
//
//   {:type :invoke, :f :write, :value [17 3], :process 0, :time 123456, :index 0}

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace stalemark {

// A value as it is written, without blanks around it; of a text without its quotation marks.
struct EdnValue {
    enum class Kind : std::uint8_t { missing, nil, keyword, integer, text, vector, other };

    Kind kind = Kind::missing;
    std::string_view text;
    std::int64_t integer = 0;

    bool is_given() const { return kind != Kind::missing; }
};

struct EdnEvent {
    EdnValue type;
    EdnValue function;  // :f
    EdnValue value;
    EdnValue process;
    EdnValue time;
};

// Other fields are passed over. The event refers to `text`. Throws LineError.
EdnEvent parse_edn_event(std::string_view text);

// The two values of a vector such as "[17 3]"; nothing: it has another number of them. Throws
// LineError.
struct EdnPair {
    EdnValue first;
    EdnValue second;
};
std::optional<EdnPair> edn_pair(const EdnValue& vector);

}  // namespace stalemark
