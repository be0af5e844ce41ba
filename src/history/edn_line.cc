// SPDX-License-Identifier: Apache-2.0
#include "history/edn_line.h"

#include <fmt/format.h>

#include <charconv>

#include "history/history_line.h"

namespace stalemark {
namespace {

constexpr int levels_most = 32;

class EdnParser {
public:
    explicit EdnParser(std::string_view text) : rest_(text) {}

    EdnEvent parse_event() {
        skip_blanks();
        if (rest_.starts_with('#')) take_word();  // The name of the record.
        if (!rest_.starts_with('{'))
            throw LineError(fmt::format("expected a map, got {}", got()));
        rest_.remove_prefix(1);
        EdnEvent event;
        for (skip_blanks(); !rest_.starts_with('}'); skip_blanks()) {
            const EdnValue name = parse_value(0);
            EdnValue* const field =
                name.kind == EdnValue::Kind::keyword ? field_of(event, name.text) : nullptr;
            if (field != nullptr && field->is_given())
                throw LineError(fmt::format("{:.40} is given twice", name.text));
            const EdnValue value = parse_value(0);
            if (field != nullptr) *field = value;
        }
        rest_.remove_prefix(1);
        skip_blanks();
        if (!rest_.empty() && rest_ != "]")
            throw LineError(fmt::format("expected nothing after the map, got {}", got()));
        return event;
    }

    // Of the members of a vector; answers false at its end.
    bool next_member(EdnValue& value) {
        skip_blanks();
        if (rest_.empty()) return false;
        value = parse_value(0);
        return true;
    }

private:
    static EdnValue* field_of(EdnEvent& event, std::string_view name) {
        if (name == ":type") return &event.type;
        if (name == ":f") return &event.function;
        if (name == ":value") return &event.value;
        if (name == ":process") return &event.process;
        if (name == ":time") return &event.time;
        return nullptr;
    }

    void skip_blanks() {
        const std::size_t begin = rest_.find_first_not_of(" \t\r,");
        rest_.remove_prefix(begin == std::string_view::npos ? rest_.size() : begin);
    }

    std::string got() const {
        return rest_.empty() ? "the end of the line" : fmt::format("'{:.20}'", rest_);
    }

    std::string_view take_word() {
        const std::size_t end = std::min(rest_.find_first_of(" \t\r,{}[]()\""), rest_.size());
        const std::string_view word = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return word;
    }

    EdnValue parse_value(int level) {
        skip_blanks();
        if (rest_.empty()) throw LineError("expected a value, got the end of the line");
        const std::string_view begin = rest_;
        EdnValue value;
        const char c = rest_.front();
        if (c == '"') {
            value.kind = EdnValue::Kind::text;
            value.text = take_text();
        } else if (c == '[' || c == '{' || c == '(') {
            value.kind = c == '[' ? EdnValue::Kind::vector : EdnValue::Kind::other;
            skip_nested(c == '[' ? ']' : c == '{' ? '}' : ')', level);
            value.text = begin.substr(0, begin.size() - rest_.size());
        } else if (c == '#') {
            take_word();  // A set, or the name of what follows.
            value = parse_value(level + 1);
        } else {
            value.text = take_word();
            if (value.text.empty())
                throw LineError(fmt::format("expected a value, got {}", got()));
            value.kind = kind_of_word(value);
        }
        return value;
    }

    static EdnValue::Kind kind_of_word(EdnValue& value) {
        if (value.text == "nil") return EdnValue::Kind::nil;
        if (value.text.starts_with(':')) return EdnValue::Kind::keyword;
        const char* const end = value.text.data() + value.text.size();
        const auto read = std::from_chars(value.text.data(), end, value.integer);
        return read.ec == std::errc() && read.ptr == end ? EdnValue::Kind::integer
                                                         : EdnValue::Kind::other;
    }

    std::string_view take_text() {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
        if (end >= rest_.size()) throw LineError("a text without its closing '\"'");
        const std::string_view text = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return text;
    }

    void skip_nested(char last, int level) {
        if (level == levels_most)
            throw LineError(fmt::format("maps and vectors more than {} deep", levels_most));
        rest_.remove_prefix(1);
        for (skip_blanks(); !rest_.starts_with(last); skip_blanks()) parse_value(level + 1);
        rest_.remove_prefix(1);
    }

    std::string_view rest_;
};

}  // namespace

EdnEvent parse_edn_event(std::string_view text) { return EdnParser(text).parse_event(); }

std::optional<EdnPair> edn_pair(const EdnValue& vector) {
    EdnParser members(vector.text.substr(1, vector.text.size() - 2));
    EdnPair pair;
    EdnValue third;
    if (!members.next_member(pair.first) || !members.next_member(pair.second) ||
        members.next_member(third)) {
        return std::nullopt;
    }
    return pair;
}

}  // namespace stalemark
