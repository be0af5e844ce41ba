#include "core/words.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

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
    if (!near.empty()) return fmt::format("unknown {} '{}'; did you mean '{}'?", kind, word, near);
    return fmt::format("unknown {} '{}'; known: {}", kind, word, fmt::join(candidates, " "));
}

}  // namespace stalemark
