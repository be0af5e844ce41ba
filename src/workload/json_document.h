// SPDX-License-Identifier: Apache-2.0
// A JSON file that remembers where each of its fields comes from, so that every complaint about
// one is one line that says where to look:
//
//   workloads/x.json:12: mix.read: expected a number from 0 to 1, got "lots"
//   --reads lots: mix.read: expected a number from 0 to 1, got "lots"
//
// A path names a field by the words that lead to it: "mix.read", "phases.0.rate".

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace stalemark {

class JsonDocument {
public:
    // Throws InputError if the file cannot be read, is larger than 1 MiB, or is not
    // JSON.
    static JsonDocument read(const std::filesystem::path& path);

    // UTF-8 with or without a byte order mark; no field twice, at most 32 levels deep. `name`
    // stands for the text in messages.
    static JsonDocument parse(std::string_view text, std::string_view name);

    // What sets a field.
    struct Setter {
        std::string typed;   // For messages: "--keys 20".
        std::string option;  // For an InputError: "keys"; empty: no option of its own.
    };

    // Sets a field, making the objects on the way; `value` is JSON or, if it is not, a string.
    // Complaints about the field are then about the setter. Throws InputError if the path leads
    // through something that has no such field, or the value is not UTF-8.
    void set(std::string_view path, std::string_view value, const Setter& setter);

    // Removes a field if it is there.
    void remove(std::string_view path);

    // Makes {"name": text} of a mere text, for fields that may be written either way.
    void expand(std::string_view path, std::string_view name);

    const nlohmann::ordered_json& root() const { return root_; }

    // Whether set() made the field or a part of it.
    bool is_set(std::string_view path) const;

    // Where the field at `path` comes from, or would stand: "x.json:12", or the option that set
    // it.
    std::string place_of(std::string_view path) const { return find_place(path).text; }

    // Throws InputError: where the field at `path` comes from (or would stand), path, message.
    // It is about the option that set the field, if one did.
    [[noreturn]] void fail(std::string_view path, std::string_view message) const;

private:
    struct Place {
        std::string text;
        std::string option;
    };
    Place find_place(std::string_view path) const;

    nlohmann::ordered_json* find(std::string_view path);
    void forget(std::string_view path);

    std::string name_;
    nlohmann::ordered_json root_;
    std::map<std::string, std::size_t, std::less<>> lines_;  // By path.
    std::map<std::string, Setter, std::less<>> setters_;     // By path, of what was set.
};

}  // namespace stalemark
