// SPDX-License-Identifier: Apache-2.0
#include "explore/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/errors.h"
#include "core/words.h"

namespace stalemark {
namespace {

using Kind = ProgramStep::Kind;

constexpr std::array<std::string_view, 4> operation_words = {"read", "write", "delete",
                                                             "modify"};
constexpr std::string_view blanks = " \t\n\r\f\v";
constexpr std::string_view stops = " \t\n\r\f\v|";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The letter that was probably meant; nothing: none is near.
std::string_view letter_near(std::string_view word) {
    std::string lower(word.substr(0, word.find_first_of("0123456789")));
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const auto known : operation_words) {
        if (lower == known.substr(0, 1)) return known.substr(0, 1);
    }
    return nearest(lower, operation_words).substr(0, 1);
}

class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    Program read() {
        program_.clients = 1;
        while (true) {
            at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
            if (at_ == text_.size()) break;
            if (text_[at_] == '|') {
                read_bar();
            } else {
                read_operation();
            }
        }
        const bool has_client = has_operation_ || is_idle_;
        if (!has_client && program_.clients > 1) refuse(bar_, "no client behind the last '|'");
        if (program_.operations.empty())
            throw InputError(
                fmt::format("--program {}: no operations; {}", in_quotes(text_), expected));
        return std::move(program_);
    }

private:
    static constexpr std::string_view expected =
        "expected such as \"w r | w | r r2\": r reads, w writes, d deletes, m reads and writes";

    [[noreturn]] void refuse(std::size_t at, std::string_view what) const {
        throw InputError(
            fmt::format("--program {}: position {}: {}", in_quotes(text_), at + 1, what));
    }

    void read_bar() {
        if (!has_operation_ && !is_idle_)
            refuse(at_,
                   "no operation before '|'; expected r, w, d or m, or - for no operation");
        if (program_.clients == Program::clients_most)
            refuse(at_,
                   fmt::format("too many clients; expected at most {}", Program::clients_most));
        ++program_.clients;
        has_operation_ = is_idle_ = false;
        bar_ = at_++;
    }

    void read_operation() {
        const std::size_t from = at_;
        const auto word = text_.substr(from, text_.find_first_of(stops, from) - from);
        at_ += word.size();
        if (is_idle_ || (word == "-" && has_operation_))
            refuse(from, "a client of - has no other operation");
        if (word == "-") {
            is_idle_ = true;
            return;
        }
        has_operation_ = true;
        const auto letter = word.substr(0, 1);
        const bool is_key_next = std::ranges::all_of(word.substr(1), is_digit);
        if (std::string_view("rwdm").find(letter) == std::string_view::npos || !is_key_next)
            refuse_word(from, word);
        const Key key = word.size() == 1 ? Key{0} : read_key(from + 1, word.substr(1));
        if (letter == "r") add(from, {{Kind::read, key, client()}});
        if (letter == "w") add(from, {{Kind::write, key, client()}});
        if (letter == "d") add(from, {{Kind::erase, key, client()}});
        if (letter == "m")
            add(from, {{Kind::read, key, client(), true}, {Kind::write, key, client(), true}});
    }

    [[noreturn]] void refuse_word(std::size_t from, std::string_view word) const {
        const auto near = letter_near(word);
        const bool are_letters = std::ranges::all_of(word, [](char c) {
            return std::string_view("rwdm").find(c) != std::string_view::npos;
        });
        if (are_letters) refuse(from + 1, "expected a key, a blank or '|' behind the letter");
        // An unprintable byte is shown as in_quotes() shows it.
        const std::string quoted = in_quotes(word);
        if (near.empty())
            refuse(from, fmt::format("unknown operation {}; expected r, w, d or m, and a key",
                                     quoted));
        refuse(from, fmt::format("unknown operation {}; did you mean '{}'?", quoted, near));
    }

    Key read_key(std::size_t at, std::string_view digits) const {
        std::uint64_t number = 0;
        for (const char digit : digits)
            number = std::min<std::uint64_t>(number * 10 + static_cast<unsigned>(digit - '0'),
                                             Program::keys_most + 1);
        if (number == 0) refuse(at, fmt::format("key 0; expected 1 to {}", Program::keys_most));
        if (number > Program::keys_most)
            refuse(at, fmt::format("too many keys: {}; expected 1 to {}", in_quotes(digits),
                                   Program::keys_most));
        return Key{number - 1};
    }

    std::uint32_t client() const { return program_.clients - 1; }

    void add(std::size_t from, std::initializer_list<ProgramStep> steps) {
        if (program_.operations.size() + steps.size() > Program::operations_most)
            refuse(from, fmt::format("too many operations; expected at most {}, an m being two",
                                     Program::operations_most));
        for (const ProgramStep& step : steps) {
            program_.operations.push_back(step);
            program_.keys =
                std::max(program_.keys, static_cast<std::uint32_t>(index_of(step.key)) + 1);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t bar_ = 0;         // The last one.
    bool has_operation_ = false;  // The client at hand.
    bool is_idle_ = false;        // It is a "-".
    Program program_;
};

char letter_of(const ProgramStep& step) {
    if (step.is_of_modify) return 'm';
    return step.kind == Kind::read ? 'r' : step.kind == Kind::write ? 'w' : 'd';
}

bool is_second_half(const ProgramStep& step) { return step.is_of_modify && step.changes(); }

}  // namespace

std::string Program::text() const {
    std::string text;
    for (std::uint32_t client = 0; client < clients; ++client) {
        if (client > 0) text += " | ";
        const std::size_t from = text.size();
        for (const ProgramStep& step : operations) {
            if (step.client != client || is_second_half(step)) continue;
            if (text.size() > from) text += ' ';
            text += letter_of(step);
            if (step.key != Key{0}) text += std::to_string(index_of(step.key) + 1);
        }
        if (text.size() == from) text += '-';
    }
    return text;
}

Program Program::only(std::uint32_t kept) const {
    const auto is_kept = [kept](std::size_t i) { return (kept >> i & 1) != 0; };
    Program program{.clients = clients};
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const ProgramStep& step = operations[i];
        const std::size_t other = !step.is_of_modify ? i : step.changes() ? i - 1 : i + 1;
        if (!is_kept(i) || !is_kept(other)) continue;
        program.operations.push_back(step);
        program.keys =
            std::max(program.keys, static_cast<std::uint32_t>(index_of(step.key)) + 1);
    }
    return program;
}

double Program::orders() const {
    double orders = 1;
    std::array<double, clients_most> of_client{};
    for (std::size_t i = 0; i < operations.size(); ++i)
        orders *= static_cast<double>(i + 1) / ++of_client[operations[i].client];
    return orders;
}

Program read_program(std::string_view text) { return Reader(text).read(); }

}  // namespace stalemark
