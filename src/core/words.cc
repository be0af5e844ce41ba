// SPDX-License-Identifier: Apache-2.0
#include "core/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace stalemark {
namespace {

std::size_t changes_between(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

// How many bytes the UTF-8 letter at the front has; 0 if it is broken or a control character.
std::size_t letter_bytes(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
    const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
    if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    return size;
}

// Fit for a message of one line.
std::string printable(std::string_view text) {
    constexpr std::size_t most = 60;
    std::string shown;
    while (!text.empty() && shown.size() < most) {
        const std::size_t bytes = letter_bytes(text);
        shown += bytes == 0 ? "?" : text.substr(0, bytes);
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return text.empty() ? shown : shown + "...";
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    std::string_view best;
    std::size_t fewest = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto candidate : candidates) {
        const std::size_t changes = changes_between(word, candidate);
        if (changes < fewest && changes < candidate.size()) {
            fewest = changes;
            best = candidate;
        }
    }
    return best;
}

std::string unknown_word(std::string_view kind, std::string_view word,
                         std::span<const std::string_view> candidates) {
    const auto near = nearest(word, candidates);
    const std::string shown = printable(word);
    if (!near.empty()) {
        return fmt::format("unknown {} '{}'; did you mean '{}'?", kind, shown, near);
    }
    constexpr std::size_t shown_max = 24;
    if (candidates.size() <= shown_max) {
        return fmt::format("unknown {} '{}'; known: {}", kind, shown,
                           fmt::join(candidates, " "));
    }
    return fmt::format("unknown {} '{}'; known: {} and {} more", kind, shown,
                       fmt::join(candidates.first(shown_max), " "),
                       candidates.size() - shown_max);
}

bool has_word(std::string_view row, std::string_view word) {
    while (!row.empty()) {
        const auto end = row.find(' ');
        if (row.substr(0, end) == word) return true;
        if (end == std::string_view::npos) break;
        row.remove_prefix(end + 1);
    }
    return false;
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", printable(text)); }

}  // namespace stalemark
