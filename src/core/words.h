// SPDX-License-Identifier: Apache-2.0
// Names: the nearest right word for a wrong one, and words in a row.

#pragma once

#include <span>
#include <string>
#include <string_view>

namespace stalemark {

// The candidate with the fewest single-letter changes from `word` (Levenshtein 1966), or an
// empty one if none comes near (more than a third of its letters, at least two, differ).
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// "unknown strategy 'cache_asied'; did you mean 'cache_aside'?", or, if no candidate is near,
// "...; known: no_cache cache_aside ...", 24 at most.
std::string unknown_word(std::string_view kind, std::string_view word,
                         std::span<const std::string_view> candidates);

// Whether `word` is one of the words in `row`, which blanks part.
bool has_word(std::string_view row, std::string_view word);

// The text between double quotes, fit for a message of one line: cut after 60 bytes, control
// characters and broken UTF-8 shown as '?'.
std::string in_quotes(std::string_view text);

}  // namespace stalemark
