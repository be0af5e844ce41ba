// SPDX-License-Identifier: Apache-2.0
#include "history/history_line.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace stalemark {
namespace {

constexpr int nested_levels_most = 32;

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

class LineParser {
public:
    explicit LineParser(std::string_view text)
        : at_(text.data()), end_(text.data() + text.size()) {}

    HistoryLine parse() {
        HistoryLine line;
        expect('{', "an object");
        skip_space();
        if (peek() == '}') {
            ++at_;
        } else {
            parse_field(line);
            while (take_comma_or('}')) parse_field(line);
        }
        skip_space();
        if (at_ != end_) throw LineError("expected nothing after the object");
        return line;
    }

private:
    char peek() const { return at_ == end_ ? '\0' : *at_; }

    void skip_space() {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
    }

    void expect(char c, std::string_view what) {
        skip_space();
        if (at_ == end_)
            throw LineError(fmt::format("expected {}, got the end of the line", what));
        if (*at_ != c) throw LineError(fmt::format("expected {}, got {}", what, got()));
        ++at_;
    }

    // Answers whether a comma stands here, rather than `last`.
    bool take_comma_or(char last) {
        skip_space();
        const char c = peek();
        if (c != ',' && c != last)
            throw LineError(fmt::format("expected ',' or '{}', got {}", last, got()));
        ++at_;
        return c == ',';
    }

    // The place, for messages.
    std::string got() const {
        if (at_ == end_) return "the end of the line";
        const auto size = std::min<std::ptrdiff_t>(end_ - at_, 20);
        return fmt::format("'{}'", std::string_view(at_, static_cast<std::size_t>(size)));
    }

    std::string_view parse_text(bool& is_escaped) {
        expect('"', "a text");
        const char* const begin = at_;
        for (; at_ != end_ && *at_ != '"'; ++at_) {
            if (*at_ != '\\') continue;
            is_escaped = true;
            if (++at_ == end_) break;
        }
        if (at_ == end_)
            throw LineError("a text without its closing '\"': the line is cut off");
        const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
        ++at_;
        return text;
    }

    void parse_field(HistoryLine& line) {
        bool is_escaped = false;
        const std::string_view name = parse_text(is_escaped);
        expect(':', "':'");
        LineValue ignored;
        LineValue* const known = field(line, name);
        LineValue& value = known != nullptr ? *known : ignored;
        if (value.is_given()) throw LineError(fmt::format("\"{:.40}\" is given twice", name));
        parse_value(value, 0);
    }

    static LineValue* field(HistoryLine& line, std::string_view name) {
        switch (name.size()) {
            case 1:
                if (name[0] == 'k') return &line.key;
                if (name[0] == 'c') return &line.client;
                if (name[0] == 'v') return &line.version;
                break;
            case 2:
                if (name == "op") return &line.action;
                if (name == "st") return &line.state;
                break;
            case 3:
                if (name == "ret") return &line.ret;
                if (name == "fmt") return &line.format;
                if (name == "end") return &line.end;
                break;
            case 4:
                if (name == "call") return &line.call;
                if (name == "lost") return &line.lost;
                break;
            default:
                if (name == "initial") return &line.initial;
                if (name == "fault") return &line.fault;
        }
        return nullptr;
    }

    void parse_value(LineValue& value, int level) {
        skip_space();
        const char c = peek();
        if (c == '"') {
            value.text = parse_text(value.is_escaped);
            value.kind = LineValue::Kind::text;
        } else if (c == '-' || is_digit(c)) {
            parse_number(value);
        } else if (c == '{' || c == '[') {
            parse_nested(level);
            value.kind = LineValue::Kind::nested;
        } else {
            parse_word(value);
        }
    }

    void parse_number(LineValue& value) {
        const char* const begin = at_;
        if (*at_ == '-') ++at_;
        const char* const digits = at_;
        std::uint64_t number = 0;
        for (; at_ != end_ && is_digit(*at_); ++at_)
            number = number * 10 + static_cast<std::uint64_t>(*at_ - '0');
        const std::ptrdiff_t length = at_ - digits;
        const bool is_whole =
            at_ == end_ || (*at_ != '.' && *at_ != 'e' && *at_ != 'E' && *at_ != '+');
        if (length == 0 || (length > 1 && *digits == '0'))
            throw LineError(fmt::format("expected a number, got '{:.40}'", word(begin)));
        if (is_whole && length <= 18) {
            value.kind = LineValue::Kind::integer;
            const auto whole = static_cast<std::int64_t>(number);
            value.integer = *begin == '-' ? -whole : whole;
            value.text = {begin, static_cast<std::size_t>(at_ - begin)};
            return;
        }
        value.text = word(begin);
        at_ = begin + value.text.size();
        const char* const last = value.text.data() + value.text.size();
        value.kind = LineValue::Kind::integer;
        if (is_whole && std::from_chars(begin, last, value.integer).ec == std::errc()) return;
        double real = 0;
        const auto [end, error] = std::from_chars(begin, last, real);
        if (end != last || error == std::errc::invalid_argument)
            throw LineError(fmt::format("expected a number, got '{:.40}'", value.text));
        value.kind = LineValue::Kind::real;
    }

    // What stands here up to the next mark of punctuation.
    std::string_view word(const char* begin) const {
        const char* end = begin;
        while (end != end_ && std::strchr(",]}: \t\r\"", *end) == nullptr) ++end;
        return {begin, static_cast<std::size_t>(end - begin)};
    }

    void parse_word(LineValue& value) {
        const std::string_view text = word(at_);
        if (text == "null") {
            value.kind = LineValue::Kind::null;
        } else if (text == "true" || text == "false") {
            value.kind = LineValue::Kind::boolean;
            value.is_true = text == "true";
        } else {
            throw LineError(fmt::format("expected a value, got {}", got()));
        }
        value.text = text;
        at_ += text.size();
    }

    void parse_nested(int level) {
        if (level == nested_levels_most) {
            throw LineError(fmt::format("objects and arrays in each other, more than {} deep",
                                        nested_levels_most));
        }
        const bool is_object = *at_ == '{';
        const char last = is_object ? '}' : ']';
        ++at_;
        skip_space();
        if (peek() == last) {
            ++at_;
            return;
        }
        do {
            if (is_object) {
                bool is_escaped = false;
                parse_text(is_escaped);
                expect(':', "':'");
            }
            LineValue ignored;
            parse_value(ignored, level + 1);
        } while (take_comma_or(last));
    }

    const char* at_;
    const char* end_;
};

// Appends a code point as UTF-8.
void append(std::string& text, std::uint32_t code) {
    const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | code >> 6);
        byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        byte(0xe0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3f));
        byte(0x80 | (code >> 6 & 0x3f));
        byte(0x80 | (code & 0x3f));
    }
}

// The four hexadecimal digits of \uXXXX; takes them from the text.
std::uint32_t take_code(std::string_view& text) {
    std::uint32_t code = 0;
    const std::string_view digits = text.substr(0, 4);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() < 4 || error != std::errc() || end != digits.data() + 4)
        throw LineError("expected four hexadecimal digits after \\u");
    text.remove_prefix(4);
    return code;
}

}  // namespace

HistoryLine parse_history_line(std::string_view text) { return LineParser(text).parse(); }

std::string unescaped(std::string_view text) {
    constexpr std::string_view escapes = "\"\\/bfnrt";
    constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
    std::string result;
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c != '\\') {
            result += c;
            continue;
        }
        const char kind = text.front();  // parse_text() ends no text after a backslash.
        text.remove_prefix(1);
        if (kind != 'u') {
            const std::size_t found = escapes.find(kind);
            if (found == std::string_view::npos)
                throw LineError(fmt::format("\\{} stands for nothing in JSON", kind));
            result += meant[found];
            continue;
        }
        std::uint32_t code = take_code(text);
        if (code >= 0xd800 && code < 0xdc00 && text.starts_with("\\u")) {
            text.remove_prefix(2);
            code = 0x10000 + ((code - 0xd800) << 10) + (take_code(text) & 0x3ff);
        }
        append(result, code);
    }
    return result;
}

}  // namespace stalemark
