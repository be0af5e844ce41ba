// SPDX-License-Identifier: Apache-2.0
// The fields of one object of a JSON document, read one by one and checked on the way. What is
// wrong with one throws the document's complaint about it. A field that nobody asked for is a
// mistake of its author: finish() refuses it.
//
//   Fields fields(document);
//   spec.keys = fields.count("keys", 1, 1'000'000).value_or(100'000);
//   if (auto mix = fields.object("mix")) { ...; mix->finish(); }
//   fields.finish();

#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/errors.h"
#include "core/types.h"
#include "workload/json_document.h"

namespace stalemark {

class Fields {
public:
    // Of the object at `path`. The document must outlive this.
    explicit Fields(const JsonDocument& document) : Fields(document, document.root(), "") {}

    bool has(std::string_view name) const;
    bool is_array(std::string_view name) const;
    void require(std::string_view name) const;  // That it is there.

    // Each answers nothing if the field is not there. Numbers may also be written as strings,
    // as the parsers of core/units.h read them.
    std::optional<double> real(std::string_view name, double least, double most);
    std::optional<std::uint64_t> count(std::string_view name, std::uint64_t least,
                                       std::uint64_t most);
    std::optional<Duration> duration(std::string_view name);  // Finite.
    std::optional<bool> flag(std::string_view name);
    std::optional<std::string> text(std::string_view name);
    std::optional<std::vector<std::string>> texts(std::string_view name);  // An array of them.
    // A text, number or flag, or an array of at least one of them; empty if not there.
    std::vector<std::string> scalars(std::string_view name);
    std::optional<Fields> object(std::string_view name);
    std::vector<Fields> objects(
        std::string_view name);  // An array of them; empty if not there.

    // Anything that `parse` makes of the text of a string or number.
    template <std::invocable<std::string_view> Parse>
    std::optional<std::invoke_result_t<Parse, std::string_view>> parsed(std::string_view name,
                                                                        Parse parse) {
        const auto written = text_of(name);
        if (!written) return std::nullopt;
        try {
            return parse(*written);
        } catch (const InputError& error) {
            fail(name, error.what());
        }
    }

    // The document's complaint about a field of this object, or about the object if `name` is
    // "".
    [[noreturn]] void fail(std::string_view name, std::string_view message) const;

    // Refuses every field whose name was not asked for by has() or a reader.
    void finish() const;

    // The names of all fields, in the file's order: of an object whose fields the reader lists.
    std::vector<std::string_view> names() const;

    // Where the field comes from, for a complaint that somebody else will make.
    std::string place_of(std::string_view name) const;

    const std::string& path() const { return path_; }

private:
    Fields(const JsonDocument& document, const nlohmann::ordered_json& object,
           std::string path);

    const nlohmann::ordered_json* find(std::string_view name) const;
    std::optional<std::string> text_of(std::string_view name) const;
    std::string path_of(std::string_view name) const;

    const JsonDocument* document_;
    const nlohmann::ordered_json* object_;
    std::string path_;
    mutable std::vector<std::string_view> known_;  // Names asked for: literals, or of names().
};

}  // namespace stalemark
