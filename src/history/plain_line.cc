// SPDX-License-Identifier: Apache-2.0
#include "history/plain_line.h"

#include <cstring>

namespace stalemark {
namespace {

class Reader {
public:
    explicit Reader(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

    template <std::size_t size>
    bool take(const char (&word)[size]) {
        constexpr std::size_t length = size - 1;
        if (static_cast<std::size_t>(end_ - at_) < length) return false;
        if (std::memcmp(at_, word, length) != 0) return false;
        at_ += length;
        return true;
    }

    // A whole number of 1 to `digits_most` digits, without a leading zero.
    bool take_number(std::int64_t& value, std::ptrdiff_t digits_most = 18) {
        const char* const begin = at_;
        std::uint64_t number = 0;
        for (; at_ != end_; ++at_) {
            const auto digit = static_cast<std::uint64_t>(*at_) - '0';
            if (digit > 9) break;
            number = number * 10 + digit;
        }
        const std::ptrdiff_t digits = at_ - begin;
        value = static_cast<std::int64_t>(number);
        return digits > 0 && digits <= digits_most && (digits == 1 || *begin != '0');
    }

    bool take_char(char& c) {
        if (at_ == end_) return false;
        c = *at_++;
        return true;
    }

    // The text up to the next quotation mark, which is taken, too; without a backslash.
    bool take_text(std::string_view& text) {
        const char* const begin = at_;
        while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
        text = {begin, static_cast<std::size_t>(at_ - begin)};
        return at_ != end_ && *at_++ == '"';
    }

    const char* place() const { return at_; }
    void go_back(const char* place) { at_ = place; }
    bool is_at_end() const { return at_ == end_; }

private:
    const char* at_;
    const char* end_;
};

bool take_version(Reader& reader, Name& version) {
    std::int64_t first = 0;
    std::int64_t second = 0;
    if (!reader.take("\"")) {
        if (!reader.take_number(first)) return false;
        version = Name::of_integer(first);
        return true;
    }
    const char* const begin = reader.place();
    if (reader.take_number(first, 9) && reader.take(":") && reader.take_number(second, 9) &&
        reader.take("\"")) {
        version = Name::of_pair(static_cast<std::uint32_t>(first),
                                static_cast<std::uint32_t>(second));
        return true;
    }
    reader.go_back(begin);
    std::string_view text;
    if (!reader.take_text(text)) return false;
    version = Name::of_text(text);
    return true;
}

}  // namespace

bool parse_plain_line(std::string_view text, PlainLine& line) {
    Reader reader(text);
    if (!reader.take("{\"k\":") || !reader.take_number(line.key)) return false;
    if (!reader.take(",\"c\":") || !reader.take_number(line.client)) return false;
    char action = 0;
    if (!reader.take(",\"op\":\"") || !reader.take_char(action)) return false;
    if (action != 'r' && action != 'w') return false;
    line.action = action == 'r' ? HistoryAction::read : HistoryAction::write;
    if (!reader.take("\",\"v\":") || !take_version(reader, line.version)) return false;
    if (!reader.take(",\"call\":") || !reader.take_number(line.call)) return false;
    if (!reader.take(",\"ret\":") || !reader.take_number(line.ret)) return false;
    if (line.ret < line.call) return false;
    if (reader.take(",\"st\":\"ok\"") && reader.take(",\"src\":\"")) {
        std::string_view source;
        if (!reader.take_text(source)) return false;
    }
    return reader.take("}") && reader.is_at_end();
}

}  // namespace stalemark
