// SPDX-License-Identifier: Apache-2.0
#include "cli/latency_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include "core/errors.h"
#include "core/units.h"
#include "measure/histogram.h"

namespace stalemark {
namespace {

constexpr std::size_t rows_most = 16;
constexpr std::size_t columns_wide = 80;
constexpr std::size_t axis_wide = 10;
constexpr std::size_t share_wide = 9;  // Of a column, with the space around it.
constexpr std::size_t bar_most = 40;

// The bounds in each decade, the finest axis first.
using Steps = std::span<const std::uint64_t>;
constexpr std::array<std::uint64_t, 3> thirds = {1, 2, 5};
constexpr std::array<std::uint64_t, 2> halves = {1, 3};
constexpr std::array<std::uint64_t, 1> whole = {1};

struct Column {
    std::string kind;
    Histogram latencies;
};

struct Line {
    Duration bound;
    std::vector<double> shares;  // By column.
};

std::vector<Column> columns_of(const Json& result) {
    std::vector<Column> columns;
    if (!result.contains("histograms") || !result.contains("operations")) return columns;
    const Json& histograms = result.at("histograms");
    for (const auto& [kind, section] : result.at("operations").items()) {
        const std::string since_due = kind + ".response_ns";
        const bool is_open_loop = histograms.contains(since_due);
        const std::string& name = is_open_loop ? since_due : kind;
        if (!histograms.contains(name)) continue;
        try {
            columns.push_back({is_open_loop ? kind + " response" : kind,
                               Histogram::of_text(histograms.at(name).get<std::string>())});
        } catch (const InputError& error) {
            throw InputError(fmt::format("histograms.{}: {}", name, error.what()));
        }
        if (columns.back().latencies.count() == 0) columns.pop_back();
    }
    return columns;
}

// The share of each column up to `bound`, less what was `counted` below it; counts that.
Line next_row(const std::vector<Column>& columns, Duration bound,
              std::vector<std::uint64_t>& counted) {
    Line row{.bound = bound, .shares = {}};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Histogram& latencies = columns[i].latencies;
        const std::uint64_t up_to = latencies.count() - latencies.count_above(bound);
        row.shares.push_back(static_cast<double>(up_to - counted[i]) /
                             static_cast<double>(latencies.count()));
        counted[i] = up_to;
    }
    return row;
}

// From the first bound that something lies below to the first that nothing lies above.
std::vector<Line> rows_of(const std::vector<Column>& columns, Steps steps) {
    constexpr auto longest = static_cast<std::uint64_t>(Duration::max().count());
    std::vector<Line> rows;
    std::vector<std::uint64_t> counted(columns.size());
    std::uint64_t left = 0;
    for (const Column& column : columns) left += column.latencies.count();
    for (std::uint64_t decade = 1; left > 0; decade *= 10) {
        for (const std::uint64_t step : steps) {
            if (left == 0) break;
            const std::uint64_t bound = std::min(decade * step, longest);
            Line row = next_row(columns, Duration(static_cast<Duration::rep>(bound)), counted);
            left = 0;
            for (std::size_t i = 0; i < columns.size(); ++i)
                left += columns[i].latencies.count() - counted[i];
            const bool is_empty =
                std::ranges::all_of(row.shares, [](double s) { return s == 0; });
            if (!is_empty || !rows.empty()) rows.push_back(std::move(row));
        }
    }
    return rows;
}

std::vector<Line> small_rows(const std::vector<Column>& columns) {
    for (const Steps steps : {Steps(thirds), Steps(halves)}) {
        std::vector<Line> rows = rows_of(columns, steps);
        if (rows.size() <= rows_most) return rows;
    }
    return rows_of(columns, whole);
}

std::string share_text(double share) {
    if (share == 0) return "";
    return share < 0.0005 ? "<0.1%" : fmt::format("{:.1f}%", 100 * share);
}

std::string bar(double share, double largest, std::size_t wide) {
    if (share == 0) return "";
    const auto marks =
        static_cast<std::size_t>(std::lround(share / largest * static_cast<double>(wide)));
    return marks == 0 ? "." : std::string(marks, '#');
}

void end_line(std::string& text) {
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
}

}  // namespace

std::string latency_drawing(const Json& result) {
    const std::vector<Column> columns = columns_of(result);
    if (columns.empty()) return "";
    const std::vector<Line> rows = small_rows(columns);
    double largest = 0;
    for (const Line& row : rows) largest = std::max(largest, std::ranges::max(row.shares));
    const std::size_t room = (columns_wide - axis_wide) / columns.size() - share_wide;
    const std::size_t wide = std::min(room, bar_most);

    std::string text = fmt::format("{:<{}}", "  up to", axis_wide);
    for (const Column& column : columns)
        text += fmt::format("  {:<{}}", column.kind, share_wide - 2 + wide);
    end_line(text);
    for (const Line& row : rows) {
        text += fmt::format("{:>{}}", format_duration(row.bound), axis_wide);
        for (const double share : row.shares)
            text += fmt::format("  {:>6} {:<{}}", share_text(share), bar(share, largest, wide),
                                wide);
        end_line(text);
    }
    return text;
}

}  // namespace stalemark
