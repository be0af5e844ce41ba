// SPDX-License-Identifier: Apache-2.0
#include "measure/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/errors.h"

namespace stalemark {

void Histogram::make_room(std::size_t least, std::size_t most) {
    std::size_t first = least / per_octave * per_octave;
    std::size_t last = (most / per_octave + 1) * per_octave;
    if (!counts_.empty()) {
        first = std::min(first, first_);
        last = std::max(last, end());
        if (first == first_ && last == end()) return;
    }
    std::vector<std::uint64_t> wider(last - first);
    if (!counts_.empty()) {
        std::ranges::copy(counts_, wider.begin() + static_cast<std::ptrdiff_t>(first_ - first));
    }
    first_ = first;
    counts_ = std::move(wider);
}

void Histogram::merge(const Histogram& other) {
    if (other.count_ == 0) return;
    make_room(other.first_, other.end() - 1);
    for (std::size_t i = 0; i < other.counts_.size(); ++i) {
        counts_[other.first_ - first_ + i] += other.counts_[i];
    }
    count_ += other.count_;
    sum_ += other.sum_;
    least_ = std::min(least_, other.least_);
    most_ = std::max(most_, other.most_);
}

Histogram Histogram::since(const Histogram& earlier) const {
    Histogram later;
    if (count_ == earlier.count_) return later;
    later.first_ = first_;
    later.counts_ = counts_;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        later.counts_[i] -= earlier.count_of(first_ + i);
    }
    later.count_ = count_ - earlier.count_;
    later.sum_ = sum_ - earlier.sum_;
    const auto is_used = [](std::uint64_t count) { return count > 0; };
    const auto first = std::ranges::find_if(later.counts_, is_used);
    const auto last = std::find_if(later.counts_.rbegin(), later.counts_.rend(), is_used);
    const auto bucket_at = [&](std::ptrdiff_t place) {
        return later.first_ + static_cast<std::size_t>(place);
    };
    later.least_ = std::max(least_, lower_of(bucket_at(first - later.counts_.begin())));
    later.most_ = std::min(most_, lower_of(bucket_at(later.counts_.rend() - last)) - 1);
    return later;
}

Duration Histogram::mean() const {
    return Duration(
        static_cast<Duration::rep>(std::llround(sum_ / static_cast<double>(count_))));
}

Duration Histogram::quantile(double share) const {
    const auto rank = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t seen = 0;
    std::size_t bucket = first_;
    for (; bucket + 1 < end(); ++bucket) {
        seen += count_of(bucket);
        if (seen >= rank) break;
    }
    const std::uint64_t lower = lower_of(bucket);
    const std::uint64_t middle = lower + (upper_of(bucket) - lower) / 2;
    return Duration(static_cast<Duration::rep>(std::clamp(middle, least_, most_)));
}

std::uint64_t Histogram::count_above(Duration duration) const {
    std::uint64_t above = 0;
    const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(duration.count()));
    for (std::size_t i = std::max(bucket + 1, first_); i < end(); ++i) above += count_of(i);
    return above;
}

std::string Histogram::text() const {
    std::string text;
    for (std::size_t i = first_; i < end(); ++i) {
        if (const std::uint64_t count = count_of(i); count > 0)
            text += fmt::format("{}{}:{}", text.empty() ? "" : " ", i, count);
    }
    return text;
}

Histogram Histogram::of_text(std::string_view text) {
    Histogram histogram;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::size_t bucket = 0;
        std::uint64_t count = 0;
        const auto index = std::from_chars(at, end, bucket);
        const bool has_colon = index.ec == std::errc() && index.ptr != end && *index.ptr == ':';
        const auto number = has_colon ? std::from_chars(index.ptr + 1, end, count) : index;
        if (!has_colon || number.ec != std::errc() || bucket >= buckets || count == 0) {
            throw InputError(fmt::format("a histogram is written 'bucket:count ...', not '{}'",
                                         std::string_view(at, end).substr(0, 20)));
        }
        histogram.make_room(bucket, bucket);
        histogram.counts_[bucket - histogram.first_] += count;
        histogram.count_ += count;
        const std::uint64_t lower = lower_of(bucket);
        const std::uint64_t upper = upper_of(bucket);
        const std::uint64_t middle = lower + (upper - lower) / 2;
        histogram.sum_ += static_cast<double>(count) * static_cast<double>(middle);
        histogram.least_ = std::min(histogram.least_, lower);
        histogram.most_ = std::max(histogram.most_, upper - 1);
        at = number.ptr;
        if (at != end && *at == ' ') ++at;
    }
    return histogram;
}

std::uint64_t Histogram::lower_of(std::size_t bucket) {
    if (bucket < 2 * per_octave) return bucket;
    const std::size_t octave = bucket / per_octave - 1;
    return std::uint64_t{bucket - octave * per_octave} << octave;
}

}  // namespace stalemark
