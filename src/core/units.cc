// SPDX-License-Identifier: Apache-2.0
#include "core/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "core/errors.h"
#include "core/random.h"
#include "core/words.h"

namespace stalemark {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr auto duration_units = std::to_array<Unit>({{"ns", 1},
                                                     {"us", 1'000},
                                                     {"ms", 1'000'000},
                                                     {"s", 1'000'000'000},
                                                     {"m", 60'000'000'000},
                                                     {"h", 3'600'000'000'000}});

constexpr auto byte_units = std::to_array<Unit>({{"", 1},
                                                 {"B", 1},
                                                 {"KB", 1'000},
                                                 {"MB", 1'000'000},
                                                 {"GB", 1'000'000'000},
                                                 {"TB", 1'000'000'000'000},
                                                 {"KiB", 1ULL << 10},
                                                 {"MiB", 1ULL << 20},
                                                 {"GiB", 1ULL << 30},
                                                 {"TiB", 1ULL << 40}});

constexpr std::uint64_t signed_max = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// mantissa * 10^exponent, exactly.
struct Decimal {
    std::uint64_t mantissa = 0;
    int exponent = 0;
};

// Digits with at most one point among them, and perhaps e and a whole exponent.
std::optional<Decimal> read_decimal(std::string_view text) {
    Decimal decimal;
    bool any_digit = false;
    bool after_point = false;
    std::size_t i = 0;
    for (; i < text.size() && (is_digit(text[i]) || text[i] == '.'); ++i) {
        if (text[i] == '.') {
            if (std::exchange(after_point, true)) return std::nullopt;
            continue;
        }
        const auto digit = static_cast<std::uint64_t>(text[i] - '0');
        constexpr auto most = std::numeric_limits<std::uint64_t>::max();
        if (decimal.mantissa > (most - digit) / 10) return std::nullopt;
        decimal.mantissa = decimal.mantissa * 10 + digit;
        if (after_point) --decimal.exponent;
        any_digit = true;
    }
    if (!any_digit) return std::nullopt;
    if (i == text.size()) return decimal;

    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    std::string_view rest = text.substr(i + 1);
    if (rest.starts_with('+')) rest.remove_prefix(1);
    int exponent = 0;
    const auto [end, trouble] =
        std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
    if (trouble != std::errc() || end != rest.data() + rest.size()) return std::nullopt;
    if (exponent < -1'000 || exponent > 1'000) return std::nullopt;
    decimal.exponent += exponent;
    return decimal;
}

// Nothing unless the product is whole and below 2^64.
std::optional<std::uint64_t> times(const Decimal& decimal, std::uint64_t factor) {
    Wide product = Wide{decimal.mantissa} * factor;
    if (product == 0) return 0;
    for (int e = decimal.exponent; e < 0; ++e) {
        if (product % 10 != 0) return std::nullopt;
        product /= 10;
    }
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    for (int e = decimal.exponent; e > 0; --e) {
        if (product > most) return std::nullopt;
        product *= 10;
    }
    if (product > most) return std::nullopt;
    return static_cast<std::uint64_t>(product);
}

// A number and, without a space, one of the units.
std::optional<std::uint64_t> read_with_unit(std::string_view text,
                                            std::span<const Unit> units) {
    std::size_t digits = 0;
    while (digits < text.size() && (is_digit(text[digits]) || text[digits] == '.')) ++digits;
    for (const Unit& unit : units) {
        if (text.substr(digits) != unit.name) continue;
        const auto decimal = read_decimal(text.substr(0, digits));
        return decimal ? times(*decimal, unit.factor) : std::nullopt;
    }
    return std::nullopt;
}

// The number in the largest unit in which it is whole.
std::string write_with_unit(std::uint64_t number, std::span<const Unit> units) {
    const Unit* largest = &units.front();
    for (const Unit& unit : units) {
        if (number % unit.factor == 0 && unit.factor > largest->factor) largest = &unit;
    }
    return fmt::format("{}{}", number / largest->factor, largest->name);
}

// "1_000_000" without its underscores, each of which stands between two digits.
std::optional<std::string> without_underscores(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            plain += text[i];
        } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) ||
                   !is_digit(text[i + 1])) {
            return std::nullopt;
        }
    }
    return plain;
}

}  // namespace

Duration parse_duration(std::string_view text) {
    if (text == "none") return Duration::max();
    const auto number =
        text == "0" ? std::optional<std::uint64_t>(0) : read_with_unit(text, duration_units);
    if (!number || *number >= signed_max) {
        throw InputError(fmt::format(
            "expected a duration such as 250us, 1.5s, 2m, 1h, 0 or none (whole nanoseconds, at "
            "most 2562047h), got {}",
            in_quotes(text)));
    }
    return Duration(static_cast<std::int64_t>(*number));
}

std::string format_duration(Duration duration) {
    if (duration == Duration::max()) return "none";
    if (duration == Duration::zero()) return "0";
    return write_with_unit(static_cast<std::uint64_t>(duration.count()), duration_units);
}

std::uint64_t parse_bytes(std::string_view text) {
    const auto number = read_with_unit(text, byte_units);
    if (!number || *number > signed_max) {
        throw InputError(fmt::format(
            "expected a size such as 100, 64KiB or 2MB (whole bytes, below 2^63), got {}",
            in_quotes(text)));
    }
    return *number;
}

std::string format_bytes(std::uint64_t bytes) {
    constexpr std::array<Unit, 5> binary = {{{"", 1},
                                             {"KiB", 1ULL << 10},
                                             {"MiB", 1ULL << 20},
                                             {"GiB", 1ULL << 30},
                                             {"TiB", 1ULL << 40}}};
    if (bytes == 0) return "0";
    return write_with_unit(bytes, binary);
}

std::uint64_t parse_count(std::string_view text, std::uint64_t least, std::uint64_t most) {
    const auto plain = without_underscores(text);
    const auto decimal = plain ? read_decimal(*plain) : std::nullopt;
    const auto number = decimal ? times(*decimal, 1) : std::nullopt;
    if (!number || *number < least || *number > most) {
        throw InputError(fmt::format("expected a whole number from {} to {}, got {}", least,
                                     most, in_quotes(text)));
    }
    return *number;
}

double parse_real(std::string_view text, double least, double most) {
    double number = 0;
    const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = trouble == std::errc() && end == text.data() + text.size();
    if (!whole || !std::isfinite(number) || number < least || number > most) {
        throw InputError(fmt::format("expected a number from {} to {}, got {}", least, most,
                                     in_quotes(text)));
    }
    return number;
}

}  // namespace stalemark
