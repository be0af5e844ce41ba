// SPDX-License-Identifier: Apache-2.0
#include "cli/figure_text.h"

#include <fmt/format.h>

#include "core/portable_math.h"

namespace stalemark {

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return digits;
}

std::string time_text(double ns) {
    if (ns < 1e3) return fmt::format("{:.0f} ns", ns);
    if (ns < 1e6) return fmt::format("{:.1f} us", ns / 1e3);
    if (ns < 1e9) return fmt::format("{:.1f} ms", ns / 1e6);
    return fmt::format("{:.1f} s", ns / 1e9);
}

std::string time_at(const Json& quantiles, const char* name) {
    return quantiles.contains(name) ? time_text(quantiles.at(name).get<double>()) : "-";
}

std::string quantile_line(const Json& quantiles) {
    return fmt::format("p50 {:>8}  p90 {:>8}  p99 {:>8}  p99.9 {:>8}  max {:>8}",
                       time_at(quantiles, "p50"), time_at(quantiles, "p90"),
                       time_at(quantiles, "p99"), time_at(quantiles, "p999"),
                       time_at(quantiles, "max"));
}

std::string found_of(std::uint64_t found, std::uint64_t all) {
    if (all == 0) return "none to look at";
    if (found == 0) {
        return fmt::format("0 of {} (below {:.2g}% at 95%)", grouped(all),
                           100.0 * (1 - portable::pow(0.05, 1 / static_cast<double>(all))));
    }
    return fmt::format("{} of {} ({:.2g}%)", grouped(found), grouped(all),
                       100.0 * static_cast<double>(found) / static_cast<double>(all));
}

}  // namespace stalemark
