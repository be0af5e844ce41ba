// SPDX-License-Identifier: Apache-2.0
#include "cli/command_text.h"

#include <fmt/format.h>

#include <string_view>

namespace stalemark {
namespace {

// A word as a shell reads it back.
std::string quoted(const std::string& word) {
    const bool is_plain = word.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                              "-_./=,:%@+") == std::string::npos;
    if (is_plain && !word.empty()) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
    return text + "'";
}

}  // namespace

std::string command_text(const std::vector<std::string>& words,
                         const std::optional<std::string>& seed) {
    std::string text = "stalemark";
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::string_view name = std::string_view(words[i]).substr(0, words[i].find('='));
        const bool is_replaced = name == "--seed" && seed;
        if (name == "--out" || name == "--repeat" || is_replaced) {
            if (name == words[i]) ++i;
        } else if (name != "--quiet") {
            text += " " + quoted(words[i]);
        }
    }
    return seed ? fmt::format("{} --seed {}", text, *seed) : text;
}

}  // namespace stalemark
