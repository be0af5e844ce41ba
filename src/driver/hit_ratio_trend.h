// SPDX-License-Identifier: Apache-2.0
// Whether the hit ratio of a run that began with an empty cache has become stable.
//
// The time since the beginning is cut at one half and at one quarter. The hit ratio is stable
// when that of the last half differs from that of the quarter before by less than a percentage
// point, and there were enough reads to be 95% sure of it (Wald's interval for the difference
// of two proportions, with one hit and one miss added to each). A ratio that rises for as long
// as a cache takes to fill is not stable, however long that is.

#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/types.h"

namespace stalemark {

class HitRatioTrend {
public:
    // When to look: after `first`, and then four times per doubling of the time.
    explicit HitRatioTrend(Duration first) : first_(first) {}

    Duration next_look() const { return look(looks_due_); }

    // After `elapsed`, which is next_look() or later: reads so far, and those of them that were
    // hits.
    void note(Duration elapsed, std::uint64_t reads, std::uint64_t hits) {
        looks_.push_back({elapsed, reads, hits});
        while (next_look() <= elapsed) ++looks_due_;
    }

    // False until there have been looks over two doublings.
    bool is_stable() const {
        const Look* const half = look_before(2);
        const Look* const quarter = look_before(4);
        if (half == nullptr || quarter == nullptr) return false;
        const Part last = looks_.back() - *half;
        const Part before = *half - *quarter;
        constexpr double normal_95 = 1.96;
        const double difference = std::abs(last.ratio() - before.ratio());
        return difference + normal_95 * std::sqrt(last.variance() + before.variance()) <
               stable_within;
    }

    // Of the last half; nothing if there were no reads in it or not yet a half.
    std::optional<double> ratio() const {
        const Look* const half = look_before(2);
        if (half == nullptr) return std::nullopt;
        const Part last = looks_.back() - *half;
        if (last.reads == 0) return std::nullopt;
        return static_cast<double>(last.hits) / static_cast<double>(last.reads);
    }

private:
    struct Part {
        std::uint64_t reads = 0;
        std::uint64_t hits = 0;

        double ratio() const {
            return (static_cast<double>(hits) + 1) / (static_cast<double>(reads) + 2);
        }
        double variance() const {
            return ratio() * (1 - ratio()) / (static_cast<double>(reads) + 2);
        }
    };
    struct Look {
        Duration elapsed;
        std::uint64_t reads;
        std::uint64_t hits;

        Part operator-(const Look& earlier) const {
            return {.reads = reads - earlier.reads, .hits = hits - earlier.hits};
        }
    };

    static constexpr double stable_within = 0.01;
    static constexpr std::size_t looks_per_doubling = 4;

    Duration look(std::size_t number) const {
        constexpr double parts[looks_per_doubling] = {1, 1.189207115002721, 1.4142135623730951,
                                                      1.681792830507429};
        const auto doubled =
            static_cast<double>(first_.count() << (number / looks_per_doubling));
        return Duration(
            static_cast<Duration::rep>(doubled * parts[number % looks_per_doubling]));
    }

    // The last look within the first half, or quarter, of the time; nullptr: there was none.
    // One that came a little late is taken all the same.
    const Look* look_before(int part) const {
        if (looks_.empty()) return nullptr;
        const Duration until = looks_.back().elapsed / part * 17 / 16;
        const auto after = std::ranges::upper_bound(
            looks_, until, {}, [](const Look& one) { return one.elapsed; });
        return after == looks_.begin() ? nullptr : &*std::prev(after);
    }

    const Duration first_;
    std::size_t looks_due_ = 0;  // Those that have been, or were left out as they came late.
    std::vector<Look> looks_;
};

}  // namespace stalemark
