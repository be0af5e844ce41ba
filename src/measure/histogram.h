// SPDX-License-Identifier: Apache-2.0
// Counts durations in buckets whose width is at most 1/64 of their value, so that a quantile is
// right to 0.8%; merging loses nothing.
//
// The scheme is that of HdrHistogram (Tene): each power of two is cut into 64 equal buckets,
// and durations below 128 ns have a bucket of their own each. Memory is taken for the octaves
// between the shortest and the longest duration alone: eight bytes per bucket, and 30 KB at the
// most. Not for two threads at once.

#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace stalemark {

class Histogram {
public:
    void add(Duration duration) {
        const auto value =
            static_cast<std::uint64_t>(duration.count() < 0 ? 0 : duration.count());
        const std::size_t bucket = bucket_of(value);
        if (bucket - first_ >= counts_.size()) make_room(bucket, bucket);
        ++counts_[bucket - first_];
        ++count_;
        sum_ += static_cast<double>(value);
        if (value < least_) least_ = value;
        if (value > most_) most_ = value;
    }

    void merge(const Histogram& other);

    // What has come since `earlier`, a former state of this one. Its extremes are bucket
    // bounds.
    Histogram since(const Histogram& earlier) const;

    std::uint64_t count() const { return count_; }
    std::size_t memory_bytes() const { return counts_.capacity() * sizeof(std::uint64_t); }
    double sum() const { return sum_; }  // In ns; exact below 2^53.

    // Requires of these: count() > 0.
    Duration least() const { return Duration(static_cast<Duration::rep>(least_)); }
    Duration most() const { return Duration(static_cast<Duration::rep>(most_)); }
    Duration mean() const;

    // The smallest duration that at least this share of all do not exceed: the middle of its
    // bucket, but never beyond least() or most(). Requires: 0 <= share <= 1.
    Duration quantile(double share) const;

    // How many are certainly longer: those in the buckets above that of `duration`.
    std::uint64_t count_above(Duration duration) const;

    // "index:count index:count ...", the buckets that are not empty; of_text() reads it back,
    // with bucket bounds for extremes and middles for the sum. Throws InputError.
    std::string text() const;
    static Histogram of_text(std::string_view text);

    // Bounds of a bucket: durations of [lower, upper).
    static std::uint64_t lower_of(std::size_t bucket);
    static std::uint64_t upper_of(std::size_t bucket) { return lower_of(bucket + 1); }

    static constexpr std::size_t bucket_of(std::uint64_t value) {
        if (value < 2 * per_octave) return value;
        const auto octave = static_cast<std::size_t>(std::bit_width(value)) - octave_bits - 1;
        return octave * per_octave + (value >> octave);
    }

private:
    static constexpr std::size_t octave_bits = 6;
    static constexpr std::size_t per_octave = std::size_t{1} << octave_bits;
    static constexpr std::size_t buckets = (63 - octave_bits + 1) * per_octave + per_octave;

    // Extends the span of counts_ to the octaves of these buckets and all between.
    void make_room(std::size_t least, std::size_t most);

    std::size_t end() const { return first_ + counts_.size(); }  // Of the span.
    std::uint64_t count_of(std::size_t bucket) const {
        return bucket - first_ < counts_.size() ? counts_[bucket - first_] : 0;
    }

    std::size_t first_ = 0;              // The bucket that counts_ begins with.
    std::vector<std::uint64_t> counts_;  // Of whole octaves; empty until the first add.
    std::uint64_t count_ = 0;
    double sum_ = 0;
    std::uint64_t least_ = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t most_ = 0;
};

}  // namespace stalemark
