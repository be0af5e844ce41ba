// SPDX-License-Identifier: Apache-2.0
#include "workload/json_parser.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "core/errors.h"
#include "core/words.h"

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

// How far the parser has read.
struct Position {
    std::size_t line = 1;
    std::size_t token_line = 1;  // Of the last character that was not white space.
};

// Walks through a text and keeps the position up to date. It has the member types of an input
// iterator over characters from its base.
struct CountingIterator : std::iterator_traits<std::istreambuf_iterator<char>> {
    CountingIterator(std::string_view::const_iterator from, Position* kept)
        : at(from), position(kept) {}

    std::string_view::const_iterator at;
    Position* position;

    char operator*() const { return *at; }
    CountingIterator& operator++() {
        if (*at == '\n') {
            ++position->line;
        } else if (*at != ' ' && *at != '\t' && *at != '\r') {
            position->token_line = position->line;
        }
        ++at;
        return *this;
    }
    bool operator==(const CountingIterator& other) const { return at == other.at; }
};

std::string joined(std::string_view path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

// The parser's own words without its prefix of codes and positions.
std::string what_is_wrong(std::string_view said) {
    for (const std::string_view front : {"] ", "column "}) {
        const std::size_t found = said.find(front);
        if (found != std::string_view::npos) said.remove_prefix(found + front.size());
    }
    const std::size_t colon = said.find(": ");
    return std::string(said.substr(colon == std::string_view::npos ? 0 : colon + 2));
}

// Receives what the parser finds.
class Builder final : public nlohmann::json_sax<Json> {
public:
    Builder(std::string_view name, const Position& position)
        : name_(name), position_(position) {}

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(std::int64_t value) override { return add(value); }
    bool number_unsigned(std::uint64_t value) override { return add(value); }
    bool number_float(double value, const std::string& /*text*/) override { return add(value); }
    bool string(std::string& value) override { return add(std::move(value)); }
    bool binary(Json::binary_t& /*value*/) override { return false; }
    bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
    bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override {
        key_ = std::move(name);
        if (parsed_.lines.contains(joined(open_.back().path, key_))) {
            fail(fmt::format("field {} is there twice", in_quotes(key_)));
        }
        return true;
    }

    bool parse_error(std::size_t /*position*/, const std::string& /*last_token*/,
                     const nlohmann::detail::exception& error) override {
        std::string wrong = what_is_wrong(error.what());
        for (char& c : wrong) {
            if (c < ' ' || c > '~') c = '?';
        }
        fail(fmt::format("expected JSON: {}", wrong));
    }

    ParsedJson finish() { return std::move(parsed_); }

private:
    struct Level {
        Json* value;
        std::string path;
    };

    [[noreturn]] void fail(std::string_view message) const {
        throw InputError(fmt::format("{}:{}: {}", name_, position_.token_line, message));
    }

    std::string next_path() const {
        if (open_.empty()) return {};
        const Level& level = open_.back();
        return joined(level.path,
                      level.value->is_array() ? std::to_string(level.value->size()) : key_);
    }

    bool add(Json value) { return place(std::move(value)) != nullptr; }

    bool open(Json container) {
        if (open_.size() == json_levels_most) {
            fail(fmt::format("expected at most {} levels of nesting", json_levels_most));
        }
        std::string path = next_path();
        Json* const placed = place(std::move(container));
        open_.push_back({placed, std::move(path)});
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    // An open container never moves: nothing is added to its parent until it is closed.
    Json* place(Json value) {
        parsed_.lines[next_path()] = position_.token_line;
        if (open_.empty()) return &(parsed_.root = std::move(value));
        Json& parent = *open_.back().value;
        if (parent.is_array())
            return &parent.get_ref<Json::array_t&>().emplace_back(std::move(value));
        return &parent.get_ref<Json::object_t&>().emplace_back(key_, std::move(value)).second;
    }

    std::string_view name_;
    const Position& position_;
    ParsedJson parsed_;
    std::vector<Level> open_;
    std::string key_;
};

}  // namespace

ParsedJson parse_json(std::string_view text, std::string_view name) {
    // The library's words for this depend on its release.
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
        throw InputError(fmt::format("{}:1: expected JSON, got nothing", name));
    }
    Position position;
    Builder builder(name, position);
    Json::sax_parse(CountingIterator(text.begin(), &position),
                    CountingIterator(text.end(), &position), &builder);
    return builder.finish();
}

}  // namespace stalemark
