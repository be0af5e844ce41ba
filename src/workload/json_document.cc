// SPDX-License-Identifier: Apache-2.0
#include "workload/json_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <utility>

#include "core/errors.h"
#include "core/words.h"
#include "workload/json_parser.h"

namespace stalemark {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t file_bytes_most = std::size_t{1} << 20;

// The first word of a path, which is removed from it.
std::string_view take_word(std::string_view& path) {
    const std::size_t dot = path.find('.');
    const auto word = path.substr(0, dot);
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    return word;
}

std::string_view parent_of(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view last_word(std::string_view path) { return path.substr(path.rfind('.') + 1); }

bool is_utf8(std::string_view text) {
    try {
        Json(text).dump();
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

// What lies below `path` in a map that is ordered by path.
template <typename Map>
auto first_below(Map& map, std::string_view path) {
    const std::string prefix = fmt::format("{}.", path);
    const auto found = map.lower_bound(prefix);
    return found != map.end() && found->first.starts_with(prefix) ? found : map.end();
}

// The field `word` of an object or the element of that number of an array, or nothing.
Json* child_of(Json& parent, std::string_view word) {
    if (parent.is_object()) {
        const auto found = parent.find(std::string(word));
        return found == parent.end() ? nullptr : &*found;
    }
    std::size_t index = 0;
    const auto [end, trouble] = std::from_chars(word.data(), word.data() + word.size(), index);
    const bool is_index = trouble == std::errc() && end == word.data() + word.size();
    if (!parent.is_array() || !is_index || index >= parent.size()) return nullptr;
    return &parent[index];
}

}  // namespace

JsonDocument JsonDocument::read(const std::filesystem::path& path) {
    std::error_code trouble;
    const bool is_directory = std::filesystem::is_directory(path, trouble);
    std::ifstream file(path, std::ios::binary);
    if (is_directory || !file) {
        throw InputError(fmt::format("{}: expected a JSON file that can be read{}",
                                     path.string(), is_directory ? ", got a directory" : ""));
    }
    std::string text(file_bytes_most + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > file_bytes_most) {
        throw InputError(fmt::format("{}: expected a file of at most 1 MiB", path.string()));
    }
    return parse(text, path.string());
}

JsonDocument JsonDocument::parse(std::string_view text, std::string_view name) {
    JsonDocument document;
    document.name_ = name;
    ParsedJson parsed = parse_json(text, name);
    document.root_ = std::move(parsed.root);
    document.lines_ = std::move(parsed.lines);
    return document;
}

void JsonDocument::set(std::string_view path, std::string_view value, const Setter& setter) {
    const auto refuse = [&](std::string_view message) {
        throw InputError(fmt::format("{}: {}: {}", setter.typed, path, message), setter.option);
    };
    if (static_cast<std::size_t>(std::ranges::count(path, '.')) >= json_levels_most) {
        refuse(fmt::format("expected at most {} levels", json_levels_most));
    }
    Json* at = &root_;
    for (std::string_view rest = path; !rest.empty();) {
        const std::string_view word = take_word(rest);
        Json* child = child_of(*at, word);
        if (child == nullptr && at->is_object()) {
            child = &(*at)[std::string(word)];
            if (!rest.empty()) *child = Json::object();
        }
        if (child == nullptr) {
            refuse(fmt::format("{} has no part {}", in_quotes(at->dump()), in_quotes(word)));
        }
        at = child;
    }
    try {
        *at = parse(value, setter.typed).root_;
    } catch (const InputError&) {
        if (!is_utf8(value)) refuse("expected UTF-8");
        if (value.find_first_of("{[\"") == 0) refuse("is no JSON: " + in_quotes(value));
        *at = value;
    }
    forget(path);
    setters_[std::string(path)] = setter;
}

void JsonDocument::remove(std::string_view path) {
    if (find(path) == nullptr) return;
    Json& parent = *find(parent_of(path));
    if (parent.is_object()) parent.erase(std::string(last_word(path)));
    forget(path);
}

void JsonDocument::expand(std::string_view path, std::string_view name) {
    Json* const field = find(path);
    if (field == nullptr || !field->is_string()) return;
    Json object = Json::object();
    object[std::string(name)] = std::move(*field);
    *field = std::move(object);
}

Json* JsonDocument::find(std::string_view path) {
    Json* at = &root_;
    while (at != nullptr && !path.empty()) at = child_of(*at, take_word(path));
    return at;
}

void JsonDocument::forget(std::string_view path) {
    const auto forget_in = [&](auto& map) {
        if (const auto found = map.find(path); found != map.end()) map.erase(found);
        for (auto found = first_below(map, path); found != map.end();
             found = first_below(map, path)) {
            map.erase(found);
        }
    };
    forget_in(lines_);
    forget_in(setters_);
}

bool JsonDocument::is_set(std::string_view path) const {
    if (first_below(setters_, path) != setters_.end()) return true;
    for (std::string_view at = path; !at.empty(); at = parent_of(at)) {
        if (setters_.contains(at)) return true;
    }
    return false;
}

JsonDocument::Place JsonDocument::find_place(std::string_view path) const {
    if (const auto part = first_below(setters_, path); part != setters_.end()) {
        return {part->second.typed, part->second.option};
    }
    for (std::string_view at = path;; at = parent_of(at)) {
        if (const auto set = setters_.find(at); set != setters_.end()) {
            return {set->second.typed, set->second.option};
        }
        if (const auto line = lines_.find(at); line != lines_.end()) {
            return {fmt::format("{}:{}", name_, line->second), ""};
        }
        if (at.empty()) return {name_, ""};
    }
}

void JsonDocument::fail(std::string_view path, std::string_view message) const {
    const Place place = find_place(path);
    throw InputError(path.empty() ? fmt::format("{}: {}", place.text, message)
                                  : fmt::format("{}: {}: {}", place.text, path, message),
                     place.option);
}

}  // namespace stalemark
