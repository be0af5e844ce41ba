// SPDX-License-Identifier: Apache-2.0
// What may come next on a command line that is still being typed: shells ask when Tab is hit.
// It comes from the commands and options that main() parses by, and from the catalogues.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace stalemark {

struct Candidate {
    std::string word;
    std::string caption;  // Empty where the word says it all.
};

struct Completion {
    enum class Rest : std::uint8_t {
        none,
        word_goes_on,  // The candidates are beginnings of words.
        files,         // The name of a file may stand there, too.
        folders,
    };
    std::vector<Candidate> candidates;
    Rest rest = Rest::none;
};

// What may stand in place of the last of `words`, which is empty or the beginning of a word.
// The words are those after the program's name.
Completion complete(const CLI::App& app, std::span<const std::string> words);

// As the scripts below read it: a line that says `rest`, and one for each candidate: the word
// and, behind a tabulator, its caption.
std::string to_text(const Completion& completion);

// Shells that can be made to ask.
constexpr std::array<std::string_view, 2> completion_shells = {"bash", "zsh"};

// What makes one of them ask. Throws InputError for another shell.
std::string_view completion_script(std::string_view shell);

}  // namespace stalemark
