// Reads the values of options; whatever is wrong with one is told with the option's name.

#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/errors.h"
#include "core/units.h"
#include "core/words.h"
#include "options/choices.h"
#include "options/options.h"

namespace stalemark {

// "--option value: message"; without a value "--option: message".
inline InputError wrong_option(std::string_view option, std::string_view message) {
    return {fmt::format("--{}: {}", option, message), option};
}
inline InputError wrong_option(std::string_view option, std::string_view value,
                               std::string_view message) {
    return {fmt::format("--{} {}: {}", option, value, message), option};
}

// What `parse` makes of the option's text, or of `otherwise` if it was not given.
template <typename Parse>
auto read_option(const RunOptions& options, std::string_view name, std::string_view otherwise,
                 Parse parse) {
    const std::string_view text = options.get_or(name, otherwise);
    try {
        return parse(text);
    } catch (const InputError& error) {
        throw wrong_option(name, text, error.what());
    }
}

// The row of a catalogue that the option names.
template <typename Find>
const auto& read_entry(const RunOptions& options, std::string_view name,
                       std::string_view otherwise, Find find) {
    try {
        return find(options.get_or(name, otherwise));
    } catch (const InputError& error) {
        throw InputError(error.what(), name);
    }
}

// A whole number of `least` or more.
inline std::uint64_t read_count(const RunOptions& options, std::string_view name,
                                std::string_view otherwise, std::uint64_t least = 1) {
    return read_option(options, name, otherwise, [&](std::string_view text) {
        return parse_count(text, least, std::uint64_t{1} << 62);
    });
}

// The place of a word among the choices of the option.
inline std::size_t read_word(const RunOptions& options, std::string_view name,
                             std::string_view otherwise) {
    const std::vector<std::string> choices = choices_of(name);
    const std::string_view text = options.get_or(name, otherwise);
    const auto found = std::ranges::find(choices, text);
    if (found == choices.end()) {
        const std::vector<std::string_view> known(choices.begin(), choices.end());
        throw InputError(unknown_word("--" + std::string(name), text, known), name);
    }
    return static_cast<std::size_t>(found - choices.begin());
}

}  // namespace stalemark
