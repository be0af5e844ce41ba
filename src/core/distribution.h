// SPDX-License-Identifier: Apache-2.0
// A spread of whole numbers - bytes or nanoseconds - that a user can write down in a word.
//
//   100                 always 100
//   uniform(10,1000)    every number from 10 to 1000 alike
//   lognormal(200,1.0)  median 200; the logarithm has standard deviation 1.0
//   exponential(200)    mean 200
//   weighted(100:9,5000:1)   100 nine times of ten, 5000 once

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"

namespace stalemark {

class Distribution {
public:
    using Read = std::function<std::uint64_t(std::string_view)>;
    using Write = std::function<std::string(std::uint64_t)>;

    // Always `value`.
    explicit Distribution(std::uint64_t value = 0);

    // Reads one of the forms above; `read_number` reads a number with its unit ("1ms", "4KiB")
    // and `write_number` is its inverse. Throws InputError that says which form was expected.
    static Distribution parse(std::string_view text, const Read& read_number,
                              const Write& write_number);

    // Moves what a lognormal would give below `least` up to it; changes no other form. (A
    // median of 200 is meant even where values below 16 make no sense.)
    void cut_lognormal_below(std::uint64_t least);

    std::uint64_t sample(Random& random) const;

    // Bounds of what sample() can give. A lognormal is cut at six standard deviations, an
    // exponential at 37 times its mean: further no draw reaches.
    std::uint64_t least() const { return least_; }
    std::uint64_t most() const { return most_; }
    bool is_constant() const { return least_ == most_; }
    double mean() const { return mean_; }

    // Parses to an equal distribution, up to cut_lognormal_below().
    const std::string& text() const { return text_; }

    // Whether equal random numbers give equal samples, however it was written down.
    bool operator==(const Distribution& other) const;

private:
    enum class Shape : std::uint8_t { constant, uniform, lognormal, exponential, weighted };
    struct Choice {
        std::uint64_t value = 0;
        double up_to = 0;  // Share of this and all choices before it.

        bool operator==(const Choice&) const = default;
    };

    static Distribution uniform(std::uint64_t least, std::uint64_t most, const Write& write);
    static Distribution lognormal(std::uint64_t median, double sigma, const Write& write);
    static Distribution exponential(std::uint64_t mean, const Write& write);
    static Distribution weighted(std::span<const std::string_view> choices, const Read& read,
                                 const Write& write);

    Shape shape_ = Shape::constant;
    std::uint64_t least_ = 0;
    std::uint64_t most_ = 0;
    double mean_ = 0;
    double log_median_ = 0;        // lognormal
    double sigma_ = 0;             // lognormal
    std::vector<Choice> choices_;  // weighted
    std::string text_;
};

}  // namespace stalemark
