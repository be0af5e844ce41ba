// SPDX-License-Identifier: Apache-2.0
#include "core/distribution.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/errors.h"
#include "core/portable_math.h"
#include "core/units.h"
#include "core/words.h"

namespace stalemark {
namespace {

using portable::exp;
using portable::log;
using portable::normal_below;

constexpr double cut_sigmas = 6;
constexpr double sigma_most = 10;
constexpr std::uint64_t exponential_cut = 37;  // -ln(2^-53) = 36.7; no draw is smaller.
constexpr std::uint64_t value_most = std::numeric_limits<std::int64_t>::max();

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(at);
        parts.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// A word and what its parentheses hold: "uniform(10,1000)".
struct Call {
    std::string_view word;
    std::vector<std::string_view> arguments;
};

Call read_call(std::string_view text) {
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos || !text.ends_with(')')) return {text, {}};
    return {trimmed(text.substr(0, open)),
            split(text.substr(open + 1, text.size() - open - 2), ',')};
}

// The mean of a lognormal whose values are moved into least .. most.
double lognormal_mean(double log_median, double sigma, double least, double most) {
    if (sigma == 0) return std::clamp(exp(log_median), least, most);
    const double z_least = (log(std::max(least, 0x1p-30)) - log_median) / sigma;
    const double z_most = (log(std::max(most, 0x1p-30)) - log_median) / sigma;
    const double inside = normal_below(z_most - sigma) - normal_below(z_least - sigma);
    return least * normal_below(z_least) + exp(log_median + sigma * sigma / 2) * inside +
           most * normal_below(-z_most);
}

// A standard normal number (Marsaglia and Bray 1964, the polar method).
double sample_normal(Random& random) {
    for (;;) {
        const double x = 2 * random.unit() - 1;
        const double y = 2 * random.unit() - 1;
        const double square = x * x + y * y;
        if (square > 0 && square < 1) return x * std::sqrt(-2 * log(square) / square);
    }
}

}  // namespace

Distribution::Distribution(std::uint64_t value)
    : least_(value),
      most_(value),
      mean_(static_cast<double>(value)),
      text_(std::to_string(value)) {}

Distribution Distribution::parse(std::string_view text, const Read& read_number,
                                 const Write& write_number) {
    const auto read = [&](std::string_view number) {
        const std::uint64_t value = read_number(number);
        if (value > value_most) {
            throw InputError(fmt::format("expected less than 2^63, got {}", in_quotes(number)));
        }
        return value;
    };
    const Call call = read_call(text);
    try {
        if (call.arguments.empty() && text.find_first_of("()") == std::string_view::npos) {
            Distribution constant(read(text));
            constant.text_ = write_number(constant.least_);
            return constant;
        }
        if (call.word == "uniform" && call.arguments.size() == 2) {
            return uniform(read(call.arguments[0]), read(call.arguments[1]), write_number);
        }
        if (call.word == "lognormal" && call.arguments.size() == 2) {
            return lognormal(read(call.arguments[0]),
                             parse_real(call.arguments[1], 0, sigma_most), write_number);
        }
        if (call.word == "exponential" && call.arguments.size() == 1) {
            return exponential(read(call.arguments[0]), write_number);
        }
        if (call.word == "weighted" && !call.arguments.empty()) {
            return weighted(call.arguments, read, write_number);
        }
    } catch (const InputError& error) {
        if (call.arguments.empty()) throw;
        throw InputError(fmt::format("{}: {}", in_quotes(text), error.what()));
    }
    throw InputError(
        fmt::format("expected one number or uniform(LEAST,MOST), lognormal(MEDIAN,SIGMA), "
                    "exponential(MEAN) or weighted(VALUE:WEIGHT,...), got {}",
                    in_quotes(text)));
}

Distribution Distribution::uniform(std::uint64_t least, std::uint64_t most,
                                   const Write& write_number) {
    if (least > most) throw InputError("expected the smaller number first");
    Distribution made;
    made.shape_ = Shape::uniform;
    made.least_ = least;
    made.most_ = most;
    made.mean_ = (static_cast<double>(least) + static_cast<double>(most)) / 2;
    made.text_ = fmt::format("uniform({},{})", write_number(least), write_number(most));
    return made;
}

Distribution Distribution::lognormal(std::uint64_t median, double sigma,
                                     const Write& write_number) {
    if (median == 0) throw InputError("expected a median above 0");
    const auto middle = static_cast<double>(median);
    const double most = middle * exp(cut_sigmas * sigma);
    if (most >= static_cast<double>(value_most)) {
        throw InputError("expected a median and a sigma whose values stay below 2^63");
    }
    Distribution made;
    made.shape_ = Shape::lognormal;
    made.least_ = static_cast<std::uint64_t>(std::llround(middle * exp(-cut_sigmas * sigma)));
    made.most_ = static_cast<std::uint64_t>(std::llround(most));
    made.log_median_ = log(middle);
    made.sigma_ = sigma;
    made.mean_ =
        lognormal_mean(made.log_median_, sigma, static_cast<double>(made.least_), most);
    made.text_ = fmt::format("lognormal({},{})", write_number(median), sigma);
    return made;
}

Distribution Distribution::exponential(std::uint64_t mean, const Write& write_number) {
    if (mean == 0) throw InputError("expected a mean above 0");
    if (mean > value_most / exponential_cut) {
        throw InputError("expected a mean whose values stay below 2^63");
    }
    Distribution made;
    made.shape_ = Shape::exponential;
    made.most_ = mean * exponential_cut;
    made.mean_ = static_cast<double>(mean);
    made.text_ = fmt::format("exponential({})", write_number(mean));
    return made;
}

Distribution Distribution::weighted(std::span<const std::string_view> choices, const Read& read,
                                    const Write& write_number) {
    Distribution made;
    made.shape_ = Shape::weighted;
    made.least_ = value_most;
    double sum = 0;
    std::vector<std::string> texts;
    for (const auto choice : choices) {
        const std::size_t colon = choice.rfind(':');
        if (colon == std::string_view::npos) {
            throw InputError(fmt::format("expected VALUE:WEIGHT, got {}", in_quotes(choice)));
        }
        const std::uint64_t value = read(trimmed(choice.substr(0, colon)));
        const double weight = parse_real(trimmed(choice.substr(colon + 1)), 1e-9, 1e9);
        sum += weight;
        made.choices_.push_back({.value = value, .up_to = sum});
        made.least_ = std::min(made.least_, value);
        made.most_ = std::max(made.most_, value);
        made.mean_ += weight * static_cast<double>(value);
        texts.push_back(fmt::format("{}:{}", write_number(value), weight));
    }
    made.mean_ /= sum;
    for (Choice& choice : made.choices_) choice.up_to /= sum;
    made.choices_.back().up_to = 1;
    made.text_ = fmt::format("weighted({})", fmt::join(texts, ","));
    return made;
}

void Distribution::cut_lognormal_below(std::uint64_t least) {
    if (shape_ != Shape::lognormal || least <= least_) return;
    least_ = std::min(least, most_);
    mean_ = lognormal_mean(log_median_, sigma_, static_cast<double>(least_),
                           static_cast<double>(most_));
}

std::uint64_t Distribution::sample(Random& random) const {
    switch (shape_) {
        case Shape::constant:
            return least_;
        case Shape::uniform:
            return least_ + random.below(most_ - least_ + 1);
        case Shape::lognormal: {
            const double drawn = exp(log_median_ + sigma_ * sample_normal(random));
            if (drawn >= static_cast<double>(most_)) return most_;
            return std::max(least_, static_cast<std::uint64_t>(std::llround(drawn)));
        }
        case Shape::exponential:
            return static_cast<std::uint64_t>(std::llround(-mean_ * log(1 - random.unit())));
        case Shape::weighted: {
            const double point = random.unit();
            std::size_t i = 0;
            while (point >= choices_[i].up_to) ++i;
            return choices_[i].value;
        }
    }
    return least_;
}

bool Distribution::operator==(const Distribution& other) const {
    return shape_ == other.shape_ && least_ == other.least_ && most_ == other.most_ &&
           log_median_ == other.log_median_ && sigma_ == other.sigma_ &&
           (shape_ != Shape::exponential || mean_ == other.mean_) && choices_ == other.choices_;
}

}  // namespace stalemark
