// SPDX-License-Identifier: Apache-2.0
#include "workload/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/units.h"
#include "core/words.h"

namespace stalemark {

using Json = nlohmann::ordered_json;

Fields::Fields(const JsonDocument& document, const Json& object, std::string path)
    : document_(&document), object_(&object), path_(std::move(path)) {
    if (!object.is_object()) {
        fail("", fmt::format("expected an object {{...}}, got {}", in_quotes(object.dump())));
    }
}

bool Fields::has(std::string_view name) const { return find(name) != nullptr; }

bool Fields::is_array(std::string_view name) const {
    const Json* const value = find(name);
    return value != nullptr && value->is_array();
}

void Fields::require(std::string_view name) const {
    if (!has(name)) fail(name, "missing");
}

std::optional<double> Fields::real(std::string_view name, double least, double most) {
    return parsed(name,
                  [&](std::string_view written) { return parse_real(written, least, most); });
}

std::optional<std::uint64_t> Fields::count(std::string_view name, std::uint64_t least,
                                           std::uint64_t most) {
    return parsed(name,
                  [&](std::string_view written) { return parse_count(written, least, most); });
}

std::optional<Duration> Fields::duration(std::string_view name) {
    return parsed(name, [](std::string_view written) {
        const Duration duration = parse_duration(written);
        if (duration == Duration::max()) {
            throw InputError("expected a duration such as 250us, 1.5s or 0, got \"none\"");
        }
        return duration;
    });
}

std::optional<bool> Fields::flag(std::string_view name) {
    const Json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_boolean()) return value->get<bool>();
    fail(name, fmt::format("expected true or false, got {}", in_quotes(value->dump())));
}

std::optional<std::string> Fields::text(std::string_view name) {
    const Json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return value->get<std::string>();
    fail(name, fmt::format("expected a text, got {}", in_quotes(value->dump())));
}

std::optional<std::vector<std::string>> Fields::texts(std::string_view name) {
    const Json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto is_text = [](const Json& element) { return element.is_string(); };
    if (value->is_array() && std::ranges::all_of(*value, is_text)) {
        return value->get<std::vector<std::string>>();
    }
    fail(name, fmt::format("expected an array of texts, got {}", in_quotes(value->dump())));
}

std::vector<std::string> Fields::scalars(std::string_view name) {
    const Json* const value = find(name);
    if (value == nullptr) return {};
    const auto is_scalar = [](const Json& one) {
        return one.is_string() || one.is_number() || one.is_boolean();
    };
    const auto text = [](const Json& one) {
        return one.is_string() ? one.get<std::string>() : one.dump();
    };
    if (is_scalar(*value)) return {text(*value)};
    if (!value->is_array() || value->empty() || !std::ranges::all_of(*value, is_scalar)) {
        fail(name, fmt::format("expected a text, a number, true or false, or an array of them, "
                               "got {}",
                               in_quotes(value->dump())));
    }
    std::vector<std::string> texts;
    for (const Json& one : *value) texts.push_back(text(one));
    return texts;
}

std::optional<Fields> Fields::object(std::string_view name) {
    const Json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    return Fields(*document_, *value, path_of(name));
}

std::vector<Fields> Fields::objects(std::string_view name) {
    const Json* const value = find(name);
    if (value == nullptr) return {};
    if (!value->is_array() || value->empty()) {
        fail(name, fmt::format("expected an array of at least one object, got {}",
                               in_quotes(value->dump())));
    }
    std::vector<Fields> found;
    found.reserve(value->size());
    for (std::size_t i = 0; i < value->size(); ++i) {
        found.push_back(
            Fields(*document_, (*value)[i], path_of(fmt::format("{}.{}", name, i))));
    }
    return found;
}

void Fields::fail(std::string_view name, std::string_view message) const {
    document_->fail(name.empty() ? path_ : path_of(name), message);
}

void Fields::finish() const {
    for (const auto& [name, value] : object_->items()) {
        if (std::ranges::find(known_, name) == known_.end()) {
            fail(name, unknown_word("field", name, known_));
        }
    }
}

std::vector<std::string_view> Fields::names() const {
    std::vector<std::string_view> all;
    for (const auto& [name, value] : object_->items()) all.emplace_back(name);
    return all;
}

std::string Fields::place_of(std::string_view name) const {
    return document_->place_of(path_of(name));
}

const Json* Fields::find(std::string_view name) const {
    if (std::ranges::find(known_, name) == known_.end()) known_.push_back(name);
    const auto found = object_->find(std::string(name));
    return found == object_->end() ? nullptr : &*found;
}

std::optional<std::string> Fields::text_of(std::string_view name) const {
    const Json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    return value->is_string() ? value->get<std::string>() : value->dump();
}

std::string Fields::path_of(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

}  // namespace stalemark
